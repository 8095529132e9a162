"""The server: requests and notifications of the Language Server Protocol, whose base protocol is that of debuggers."""

from __future__ import annotations

from typing import Any

from ring1.dbt.dap.messages import Message, Messages, framed
from ring1.dbt.debug.link import Gone, Link
from ring1.dbt.lsp import assembly, descriptions
from ring1.dbt.lsp.document import Document, path_of, uri_of
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.source import SourceError

ERROR, INFORMATION = 1, 3
"""Severities of diagnostics."""
PARSE, INVALID, NO_METHOD, BAD_PARAMS, NOT_YET = -32700, -32600, -32601, -32602, -32002
"""Errors of JSON-RPC, and that there was no `initialize`."""
WHOLE = 1
"""Changes are whole texts."""
CAPABILITIES = {
    "textDocumentSync": {"openClose": True, "change": WHOLE, "save": False},
    "hoverProvider": True,
    "definitionProvider": True,
    "documentSymbolProvider": True,
    "completionProvider": {"triggerCharacters": [".", "%"]},
}
LABEL = 14
"""What symbols of a document are called (SymbolKind: a constant)."""
DESCRIPTION = ".isa"


class Wrong(Exception):
    """A request cannot be answered."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


class Server:
    """Serves one editor."""

    def __init__(self, link: Link, isa: str) -> None:
        """`isa`: the machine whose assembly it is, unless the editor names another one when it begins."""
        self.messages = Messages(link, lambda message: None)
        self.name = isa
        self.isa: Isa | None = None
        self.open: dict[str, Document] = {}
        """Open documents by path."""
        self.stale: set[str] = set()
        """Paths of documents whose faults have to be told anew."""
        self.begun = self.ending = self.over = False
        self.answers = {
            "textDocument/hover": self.hover,
            "textDocument/definition": self.definition,
            "textDocument/completion": self.completion,
            "textDocument/documentSymbol": self.symbols,
        }

    def serve(self) -> int:
        """Serve until the editor leaves. Returns the exit status, which is 0 if it has said so before."""
        self.messages.begin()
        try:
            while not self.over:
                message = self.messages.waiting()
                if message is None:
                    self.diagnose()  # when nothing else has come: who types fast is told at the next pause
                    message = self.messages.next()
                self.handle(message)
        except Gone:
            pass
        finally:
            self.messages.close()
        return 0 if self.ending else 1

    def send(self, **fields: Any) -> None:
        self.messages.link.write(framed({"jsonrpc": "2.0", **fields}))

    def handle(self, message: Message) -> None:
        method, params = message.get("method"), message.get("params")
        if not isinstance(method, str):
            return  # an answer, and nothing was asked
        try:
            result = self.answer(method, params if isinstance(params, dict) else {}, "id" in message)
        except Wrong as error:
            if "id" in message:
                self.send(id=message["id"], error={"code": error.code, "message": str(error)})
            return
        except (
            LookupError,
            TypeError,
            AttributeError,
            ValueError,
        ) as error:  # parameters are not as the protocol has them
            if "id" in message:
                text = f"{method}: {type(error).__name__} {error}"
                self.send(id=message["id"], error={"code": BAD_PARAMS, "message": text})
            return
        if "id" in message:
            self.send(id=message["id"], result=result)

    def answer(self, method: str, params: dict[str, Any], asked: bool) -> Any:
        """Return the result of a request; None for a notification. Raises Wrong."""
        match method:
            case "initialize":
                return self.initialize(params)
            case "exit":
                self.over = True
                return None
        if not self.begun:
            raise Wrong(NOT_YET, f"{method} before initialize")
        if self.ending:
            raise Wrong(INVALID, f"{method} after shutdown")
        match method:
            case "shutdown":
                self.ending = True
            case "textDocument/didOpen":
                document = params["textDocument"]
                self.put(document, document["text"])
            case "textDocument/didChange":
                for change in params["contentChanges"][-1:]:  # each has all of the text
                    self.put(params["textDocument"], change["text"])
            case "textDocument/didClose":
                self.drop(params["textDocument"]["uri"])
            case _ if method in self.answers:
                return self.answers[method](self.document(params), params.get("position", {}))
            case _ if asked:
                raise Wrong(NO_METHOD, f"there is no {method} here")
        return None

    def initialize(self, params: dict[str, Any]) -> Any:
        given = params.get("initializationOptions") or {}
        self.name = str(given.get("isa") or self.name) if isinstance(given, dict) else self.name
        try:
            self.isa = load(self.name)
        except (SourceError, OSError) as error:
            raise Wrong(BAD_PARAMS, f"{self.name}: {error}") from None
        self.begun = True
        return {"capabilities": CAPABILITIES, "serverInfo": {"name": "ring1"}}

    # --- Documents ---------------------------------------------------------------------------

    def document(self, params: dict[str, Any]) -> Document:
        path = path_of(params["textDocument"]["uri"])
        if path not in self.open:
            raise Wrong(BAD_PARAMS, f"{path} is not open")
        return self.open[path]

    def put(self, named: dict[str, Any], text: object) -> None:
        """A text is open, or has changed: what others have included or extended of it may be wrong now. Raises
        Wrong."""
        if not isinstance(text, str):
            raise Wrong(BAD_PARAMS, "a document has a text")
        document = Document(named["uri"], text, named.get("version"))
        self.open[document.path] = document
        self.stale |= self.open.keys()

    def drop(self, uri: str) -> None:
        self.open.pop(path_of(uri), None)
        self.send(method="textDocument/publishDiagnostics", params={"uri": uri, "diagnostics": []})

    def diagnose(self) -> None:
        """Tell the faults of what has changed."""
        while self.stale:
            document = self.open.get(self.stale.pop())
            if document is None:
                continue
            params: dict[str, Any] = {"uri": document.uri, "diagnostics": self.diagnostics(document)}
            if document.version is not None:
                params["version"] = document.version
            self.send(method="textDocument/publishDiagnostics", params=params)

    def diagnostics(self, document: Document) -> list[dict[str, Any]]:
        """Return the faults of a document; those of another file are at its beginning."""
        assert self.isa is not None
        described = document.path.endswith(DESCRIPTION)
        try:
            found = descriptions.faults(document, self.open) if described else assembly.faults(self.isa, document)
        except OSError as error:
            return [diagnostic(document.span(0, 0, 0), f"{error.filename}: {error.strerror}", ERROR)]
        made = []
        for fault, elsewhere in found:
            severity = INFORMATION if elsewhere else ERROR
            if fault.position.file == document.path:
                made.append(diagnostic(document.at(fault.position), fault.message, severity))
            else:
                at = fault.position
                made.append(diagnostic(document.span(0, 0, 0), f"{at.file}:{at.line}: {fault.message}", severity))
        return made

    # --- Questions -----------------------------------------------------------------------------

    def definitions(self, document: Document) -> list[tuple[str, str, int, int]]:
        if document.path.endswith(DESCRIPTION):
            return list(descriptions.definitions(document))
        return list(assembly.definitions(document, self.open))

    def hover(self, document: Document, position: dict[str, int]) -> Any:
        assert self.isa is not None
        word, first = document.word(position["line"], position["character"])
        text = assembly.explained(self.isa, word)
        if not text or document.path.endswith(DESCRIPTION):
            at = next((each for each in self.definitions(document) if each[0] == word), None)
            if at is None:
                return None
            text = f"{at[1]}:{at[2] + 1}"
        where = document.span(position["line"], first, first + len(word))
        return {"contents": {"kind": "markdown", "value": f"```\n{text}\n```"}, "range": where}

    def definition(self, document: Document, position: dict[str, int]) -> Any:
        word, _ = document.word(position["line"], position["character"])
        return [self.location(each) for each in self.definitions(document) if each[0] == word]

    def location(self, defined: tuple[str, str, int, int]) -> Any:
        name, path, line, column = defined
        known = self.open.get(path)
        edges = ({"line": line, "character": column + at} for at in (0, len(name)))
        where = (
            known.span(line, column, column + len(name)) if known else dict(zip(("start", "end"), edges, strict=True))
        )
        return {"uri": uri_of(path), "range": where}

    def completion(self, document: Document, position: dict[str, int]) -> Any:
        assert self.isa is not None
        before = document.before(position["line"], position["character"])
        if document.path.endswith(DESCRIPTION):
            found = set(descriptions.candidates(document))
        else:
            found = set(assembly.candidates(self.isa, document, self.open, before))
        begun = before[len(before.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$")) :]
        first = len(before) - len(begun)
        where = document.span(position["line"], first, len(before))
        chosen = sorted((word, kind) for word, kind in found if word.startswith(begun))
        return [{"label": word, "kind": kind, "textEdit": {"range": where, "newText": word}} for word, kind in chosen]

    def symbols(self, document: Document, position: dict[str, int]) -> Any:
        return [
            {"name": name, "kind": LABEL, "location": self.location((name, path, line, column))}
            for name, path, line, column in self.definitions(document)
            if path == document.path
        ]


def diagnostic(where: dict[str, Any], message: str, severity: int) -> dict[str, Any]:
    return {"range": where, "message": message, "severity": severity, "source": "ring1"}
