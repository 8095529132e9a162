// What vscode-textmate, VS Code's own, makes of texts: node tokens.js GRAMMAR FILE... prints, for each file, a list of
// [line, column, text, scope].
const fs = require("fs");
const path = require("path");
const textmate = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

const [grammar, ...files] = process.argv.slice(2);
const wasm = path.join(path.dirname(require.resolve("vscode-oniguruma")), "onig.wasm");

async function main() {
    await oniguruma.loadWASM(fs.readFileSync(wasm).buffer);
    const raw = textmate.parseRawGrammar(fs.readFileSync(grammar, "utf8"), grammar);
    const registry = new textmate.Registry({
        onigLib: Promise.resolve({
            createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
            createOnigString: (text) => new oniguruma.OnigString(text),
        }),
        loadGrammar: async () => raw,
    });
    const loaded = await registry.loadGrammar(raw.scopeName);
    const made = files.map((file) => {
        let stack = textmate.INITIAL;
        const found = [];
        fs.readFileSync(file, "utf8")
            .split("\n")
            .forEach((line, number) => {
                const result = loaded.tokenizeLine(line, stack);
                stack = result.ruleStack;
                for (const token of result.tokens) {
                    const text = line.substring(token.startIndex, token.endIndex);
                    found.push([number, token.startIndex, text, token.scopes[token.scopes.length - 1]]);
                }
            });
        return found;
    });
    process.stdout.write(JSON.stringify(made));
}

main();
