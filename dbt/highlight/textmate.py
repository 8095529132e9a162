"""Grammars for editors that take TextMate's, and an extension for VS Code made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ring1.dbt.highlight.language import BLOCK, Language, Rule

SCOPES = {
    "comment": "comment.line",
    "string": "string.quoted",
    "number": "constant.numeric",
    "label": "entity.name.label",
    "mnemonic": "keyword.mnemonic",
    "directive": "keyword.control.directive",
    "keyword": "keyword.control",
    "register": "variable.language.register",
    "control": "constant.language.control",
    "modifier": "support.function.modifier",
    "name": "variable.other",
    "operator": "keyword.operator",
    "punctuation": "punctuation",
}
Grammar = dict[str, Any]
ABOUT = "a debug adapter, and colours, made by `ring1 grammar --vscode`"


def grammar(language: Language) -> Grammar:
    """Return the grammar of a language."""

    def rules(found: tuple[Rule, ...]) -> list[Grammar]:
        return [{"match": rule.pattern, "name": f"{SCOPES[rule.kind]}.{language.name}"} for rule in found]

    common = rules(language.comments)
    if language.blocks:
        common.append({"begin": BLOCK[0], "end": BLOCK[1], "name": f"comment.block.{language.name}"})
    statements = [
        {
            "begin": each["match"],
            "beginCaptures": {"0": {"name": each["name"]}},
            "end": f"(?={language.end})|$",
            "patterns": common + rules(language.operands),
        }
        for each in rules(language.opening)
    ]
    return {
        "name": language.title,
        "scopeName": f"source.{language.name}",
        "fileTypes": [suffix.removeprefix(".") for suffix in language.suffixes],
        "patterns": common + rules(language.head) + statements,
    }


def text(made: Any) -> str:
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def extension(languages: list[Language], version: str, folder: Path) -> None:
    """Write an extension for VS Code: languages with their grammars, and `ring1 dap`. Raises OSError."""
    contributed = {
        "languages": [
            {
                "id": each.name,
                "aliases": [each.title],
                "extensions": [*each.suffixes],
                "configuration": f"./{each.name}.language.json",
            }
            for each in languages
        ],
        "grammars": [
            {"language": each.name, "scopeName": f"source.{each.name}", "path": f"./{each.name}.tmLanguage.json"}
            for each in languages
        ],
        "breakpoints": [{"language": each.name} for each in languages if each.opening],
        "debuggers": [
            {
                "type": "ring1",
                "label": "ring1",
                "program": "ring1",
                "args": ["dap"],
                "languages": [each.name for each in languages if each.opening],
                "configurationAttributes": {"launch": {"required": ["program"], "properties": {"program": {}}}},
                "initialConfigurations": [
                    {"type": "ring1", "request": "launch", "name": "ring1", "program": "${file}", "stopOnEntry": True}
                ],
            }
        ],
    }
    package = {
        "name": "ring1",
        "displayName": "ring1",
        "description": ABOUT,
        "version": version,
        "publisher": "ring1",
        "license": "GPL-2.0-only",
        "engines": {"vscode": "^1.75.0"},
        "categories": ["Programming Languages", "Debuggers"],
        "contributes": contributed,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(text(package), encoding="utf-8")
    for each in languages:
        comments: Grammar = {"lineComment": "#" if each.blocks else "//"}
        if each.blocks:
            comments["blockComment"] = ["/*", "*/"]
        pairs = [["(", ")"], ["[", "]"], ["{", "}"], ['"', '"']]
        configuration = {"comments": comments, "brackets": pairs[:3], "autoClosingPairs": pairs}
        (folder / f"{each.name}.language.json").write_text(text(configuration), encoding="utf-8")
        (folder / f"{each.name}.tmLanguage.json").write_text(text(grammar(each)), encoding="utf-8")
