// A session of vscode-jsonrpc, the base of VS Code's own client: node session.js COMMAND FOLDER
const assert = require("assert");
const { spawn } = require("child_process");
const { pathToFileURL } = require("url");
const path = require("path");
const rpc = require("vscode-jsonrpc/node");

const [command, folder] = process.argv.slice(2);
const server = spawn(`${command} lsp`, { shell: true, cwd: folder, env: process.env });
server.stderr.pipe(process.stderr);
const client = rpc.createMessageConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
);
const uri = (name) => pathToFileURL(path.join(folder, name)).href;
const told = new Map();
const waiting = new Map();
client.onNotification("textDocument/publishDiagnostics", (params) => {
    told.set(params.uri, params.diagnostics);
    (waiting.get(params.uri) || (() => {}))(params);
});
// Diagnostics of a document that are wanted: others may come before, as all open ones are looked at anew.
const diagnosed = (name, wanted) =>
    new Promise((resolve) =>
        waiting.set(uri(name), (params) => {
            if (wanted(params)) resolve(params.diagnostics);
        }),
    );
let version = 0;
const at = (name, line, character) => ({ textDocument: { uri: uri(name) }, position: { line, character } });

async function open(name, text) {
    const mine = ++version;
    const found = diagnosed(name, (params) => params.version === mine);
    const languageId = name.endsWith(".isa") ? "ring1-isa" : "pg32-asm";
    client.sendNotification("textDocument/didOpen", {
        textDocument: { uri: uri(name), languageId, version: mine, text },
    });
    return await found;
}

async function change(name, text) {
    const mine = ++version;
    const found = diagnosed(name, (params) => params.version === mine);
    client.sendNotification("textDocument/didChange", {
        textDocument: { uri: uri(name), version: mine },
        contentChanges: [{ text }],
    });
    return await found;
}

async function session() {
    client.listen();
    const early = await client.sendRequest("textDocument/hover", at("a.s", 0, 0)).catch((error) => error);
    assert.equal(early.code, -32002);
    const { capabilities } = await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    assert.ok(capabilities.hoverProvider && capabilities.definitionProvider);
    client.sendNotification("initialized", {});

    const source = '_start: li a0, 1\n        call twice  # \u{1F600} far\n        jump _start\n        .include "lib.s"\n';
    const [fault, ...more] = await open("a.s", source);
    assert.deepEqual(more, []);
    assert.ok(fault.message.includes("unknown instruction jump"), fault.message);
    assert.deepEqual(fault.range, { start: { line: 2, character: 8 }, end: { line: 2, character: 12 } });
    assert.equal(fault.severity, 1);
    assert.deepEqual(await change("a.s", source.replace("jump", "j   ")), []);

    const hover = await client.sendRequest("textDocument/hover", at("a.s", 1, 9));
    assert.ok(hover.contents.value.includes("call"), hover.contents.value);
    assert.equal(await client.sendRequest("textDocument/hover", at("a.s", 1, 0)), null);
    const [where] = await client.sendRequest("textDocument/definition", at("a.s", 1, 15));
    assert.deepEqual(where, {
        uri: uri("lib.s"),
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } },
    });
    const outside = await open("b.s", "_start: call elsewhere\n\u{1F600}\n");
    assert.deepEqual(outside.map((each) => each.severity).sort(), [1, 3], JSON.stringify(outside));

    await change("a.s", "_start: ad\n        lw a0, tw\n        .include \"lib.s\"\n");
    const labels = async (line, character) =>
        (await client.sendRequest("textDocument/completion", at("a.s", line, character))).map((each) => each.label);
    assert.deepEqual(await labels(0, 10), ["add", "addi"]);
    assert.deepEqual(await labels(1, 17), ["twice"]);
    assert.ok((await labels(1, 11)).includes("a0"));
    const symbols = await client.sendRequest("textDocument/documentSymbol", { textDocument: { uri: uri("a.s") } });
    assert.deepEqual(symbols.map((each) => each.name), ["_start"]);

    const base = 'isa base extends pg32v "b"; insn spy : R(63) { rd = 1; }\n';
    assert.deepEqual(await open("base.isa", base), []);
    assert.deepEqual(await open("my.isa", 'isa my extends base "m";\nguard spy { }\n'), []);
    const inherited = diagnosed("my.isa", (params) => params.diagnostics.length > 0);
    const [own] = await change("base.isa", base.replace("R(63)", "R(63, 1)"));
    assert.ok(own.message.includes("takes 1 numbers") && own.range.start.line === 0, own.message);
    assert.ok((await inherited)[0].message.includes("base.isa"), "what extends it has the fault as well");
    const [defined] = await client.sendRequest("textDocument/definition", at("base.isa", 0, 35));
    assert.equal(defined.range.start.character, base.indexOf("spy"));

    const unknown = await client.sendRequest("workspace/nothing", {}).catch((error) => error);
    assert.equal(unknown.code, -32601);
    const bad = await client.sendRequest("textDocument/hover", {}).catch((error) => error);
    assert.equal(bad.code, -32602);
    client.sendNotification("textDocument/didClose", { textDocument: { uri: uri("b.s") } });
    await client.sendRequest("shutdown");
    const over = new Promise((resolve) => server.on("exit", resolve));
    client.sendNotification("exit");
    assert.equal(await over, 0);
    assert.deepEqual(told.get(uri("b.s")), []);
}

session().then(
    () => process.exit(0),
    (error) => {
        console.error(error);
        server.kill();
        process.exit(1);
    },
);
