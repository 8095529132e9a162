// Sessions of @vscode/debugadapter-testsupport, a client that VS Code's debug adapters are tested with:
//   node session.js NAME COMMAND FOLDER
const assert = require("assert");
const path = require("path");
const { DebugClient } = require("@vscode/debugadapter-testsupport");

const [name, command, folder] = process.argv.slice(2);
const program = path.join(folder, "prog.s");
const THREAD = { threadId: 1 };
const dc = new DebugClient(command, "dap", "ring1", { shell: true, cwd: folder, env: process.env }, true);
dc.defaultTimeout = 60000;

async function moved(request, args, reason, line) {
    const where = dc.assertStoppedLocation(reason, { path: program, line });
    await dc[request + "Request"]({ ...THREAD, ...args });
    return (await where).body.stackFrames[0];
}

async function scope(frame, wanted) {
    const { scopes } = (await dc.scopesRequest({ frameId: frame.id })).body;
    const found = scopes.find((each) => each.name === wanted);
    assert.ok(found, wanted);
    return found.variablesReference;
}

async function variables(reference) {
    const { variables } = (await dc.variablesRequest({ variablesReference: reference })).body;
    return new Map(variables.map((each) => [each.name, each]));
}

async function begun(args) {
    const stopped = dc.waitForEvent("stopped");
    await Promise.all([dc.configurationSequence(), dc.launch({ program, stopOnEntry: true, ...args })]);
    return (await stopped).body;
}

const sessions = {
    // fact(5) computes 120 by recursion, and stores it in `result`.
    async forward_and_back() {
        await dc.hitBreakpoint({ program }, { path: program, line: 11 });
        let frame = (await dc.stackTraceRequest(THREAD)).body.stackFrames[0];
        assert.equal(frame.name, "fact");
        const a0 = async () => (await variables(await scope(frame, "Registers"))).get("a0").value;
        assert.equal(await a0(), "0x00000005");
        frame = await moved("continue", {}, "breakpoint", 11);
        assert.equal(await a0(), "0x00000004");
        frame = await moved("stepIn", {}, "step", 12);
        frame = await moved("stepBack", { granularity: "instruction" }, "step", 11);
        frame = await moved("reverseContinue", {}, "breakpoint", 11);
        assert.equal(await a0(), "0x00000005");
        await dc.setBreakpointsRequest({ source: { path: program }, breakpoints: [] });
        frame = await moved("stepOut", {}, "step", 4);
        assert.equal(await a0(), "0x00000078");
        frame = await moved("next", {}, "step", 5);
        frame = await moved("next", {}, "step", 6);
        frame = await moved("stepBack", {}, "step", 5);
        frame = await moved("stepBack", {}, "step", 4);
        frame = await moved("stepBack", {}, "step", 3); // over the call with all that it did
        assert.equal(await a0(), "0x00000005");
        const end = dc.waitForEvent("stopped");
        const output = dc.assertOutput("stdout", "x");
        await dc.continueRequest(THREAD);
        await output;
        assert.equal((await end).body.reason, "end");
        frame = await moved("stepBack", { granularity: "instruction" }, "step", 10);
        const over = Promise.all([dc.waitForEvent("stopped"), dc.continueRequest(THREAD)]);
        await over;
        const gone = Promise.all([dc.waitForEvent("exited"), dc.waitForEvent("terminated")]);
        await dc.continueRequest(THREAD);
        assert.equal((await gone)[0].body.exitCode, 0);
    },

    async values_and_memory() {
        assert.equal((await begun()).reason, "entry");
        const frame = (await dc.stackTraceRequest(THREAD)).body.stackFrames[0];
        const registers = await scope(frame, "Registers");
        await dc.setVariableRequest({ variablesReference: registers, name: "a5", value: "result + 4" });
        assert.equal((await variables(registers)).get("a5").value, "0x00001004");
        const controls = await variables(await scope(frame, "Control registers"));
        const psw = await variables(controls.get("psw").variablesReference);
        assert.ok(psw.size > 1 && psw.has("RING"), [...psw.keys()].join());
        const pages = await variables(await scope(frame, "Page tables"));
        assert.ok(pages.get("paging").value.startsWith("paging is off"));
        const memory = (await dc.customRequest("readMemory", { memoryReference: "0x1000", count: 8 })).body;
        assert.equal(Buffer.from(memory.data, "base64").toString("hex"), "0000000000000000");
        const data = Buffer.from([1, 2, 3, 4]).toString("base64");
        await dc.customRequest("writeMemory", { memoryReference: "0x1000", offset: 4, data });
        const evaluated = (await dc.evaluateRequest({ expression: "*(result + 4)", context: "watch" })).body;
        assert.equal(evaluated.result, "0x04030201");
        const end = (await dc.customRequest("readMemory", { memoryReference: "0xfffffc", count: 8 })).body;
        assert.equal(end.unreadableBytes, 4);
        const { instructions } = (
            await dc.disassembleRequest({ memoryReference: "0x30", instructionOffset: -1, instructionCount: 3 })
        ).body;
        assert.deepEqual(
            instructions.map((each) => [each.address, each.instruction, each.symbol, each.line]),
            [
                ["0x0000002c", "addi t0, zero, 2", "fact", 11],
                ["0x00000030", "bgeu a0, t0, 0x3c", undefined, 12],
                ["0x00000034", "addi a0, zero, 1", undefined, 13],
            ],
        );
        const before = (
            await dc.disassembleRequest({ memoryReference: "0x0", instructionOffset: -2, instructionCount: 3 })
        ).body.instructions;
        assert.deepEqual(
            before.map((each) => each.presentationHint),
            ["invalid", "invalid", undefined],
        );
    },

    async data_breakpoints() {
        await begun();
        const info = (await dc.dataBreakpointInfoRequest({ name: "result" })).body;
        assert.deepEqual(info.accessTypes, ["write", "read", "readWrite"]);
        assert.equal((await dc.dataBreakpointInfoRequest({ name: "sp" })).body.dataId, null);
        await dc.setDataBreakpointsRequest({ breakpoints: [{ dataId: info.dataId, accessType: "write" }] });
        await moved("continue", {}, "data breakpoint", 6);
        assert.equal((await dc.evaluateRequest({ expression: "*result" })).body.result, "0x00000078");
        await moved("reverseContinue", {}, "data breakpoint", 5);
        assert.equal((await dc.evaluateRequest({ expression: "*result" })).body.result, "0x00000000");
    },

    async the_debug_console() {
        await begun({ engine: "interp" });
        const stopped = dc.assertStoppedLocation("goto", { path: program, line: 6 });
        await dc.evaluateRequest({ expression: "until 6", context: "repl" });
        await stopped;
        const { result } = (await dc.evaluateRequest({ expression: "who wrote result", context: "repl" })).body;
        assert.ok(result.includes("prog.s:5"), result);
        assert.equal((await dc.evaluateRequest({ expression: "a0 + 1", context: "repl" })).body.result, "0x00000079");
    },
};

dc.start()
    .then(() => sessions[name]())
    .then(() => dc.stop())
    .then(
        () => process.exit(0),
        (error) => {
            console.error(error);
            dc.stop().finally(() => process.exit(1));
        },
    );
