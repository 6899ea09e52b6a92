// The editor of files: a finding leads to its line in the text, Ctrl+S saves, and nothing typed is lost by leaving.
"use strict";

const text = document.getElementById("text");
const form = document.getElementById("editor");
const opened = text.value;
let leaves = false;

for (const link of document.querySelectorAll("a[data-line]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const before = text.value.split("\n").slice(0, link.dataset.line - 1).join("\n").length;
    const start = before + (link.dataset.line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", start);
    text.focus();
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (link.dataset.line - 4) * height);
    text.scrollIntoView({ block: "nearest" });
  });
}
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.addEventListener("submit", () => { leaves = true; });
window.addEventListener("beforeunload", (event) => {
  if (!leaves && text.value !== opened) event.preventDefault();
});
