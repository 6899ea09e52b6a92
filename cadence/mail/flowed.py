"""Decide where the paragraphs of a format=flowed text end (RFC 3676)."""


def unflow(text: str, parameters: dict[str, str]) -> str:
    """Join the soft line breaks of each quote depth; signature separators stay lines of their own."""
    delete = parameters.get("delsp", "").lower() == "yes"
    paragraphs: list[tuple[int, list[str]]] = []
    flowing = False
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if flowing and depth == paragraphs[-1][0] and content != "-- ":
            paragraphs[-1][1].append(content)
        else:
            paragraphs.append((depth, [content]))
        flowing = content.endswith(" ") and content != "-- "
        if flowing and delete:
            paragraphs[-1][1][-1] = content[:-1]
    return "\n".join(_quoted(depth, "".join(pieces)) for depth, pieces in paragraphs)


def _quoted(depth: int, content: str) -> str:
    return ">" * depth + (" " if depth and content else "") + content
