// What pages do beyond htmx: everything here is an addition, and the pages work without it.
"use strict";

// A form that is not undone easily asks first.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A button that copies a text; without scripts, and without a clipboard, it stays hidden.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "Copied";
    });
  }
}

// What was tried and did not work is shown where a screen reader hears it and an eye finds it.
document.addEventListener("htmx:sendError", () => {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = "The server cannot be reached. Please try again in a while.";
  document.getElementById("notices").replaceChildren(notice);
});
for (const swapped of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
  document.addEventListener(swapped, (event) => {
    if (event.detail.target.id === "notices") event.detail.target.scrollIntoView({ block: "nearest" });
  });
}
