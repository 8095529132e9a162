/* Strings in the scripting language: words made, counted in a table, gathered in a buffer, joined to lines, hashed a
 * character at a time. */
#include "script.h"

enum { ROUNDS = 1200 };

static const char text[] =
    "function hash(s)\n"
    "  local h = 5381\n"
    "  for i = 1, #s do h = h * 33 + byte(s, i) end\n"
    "  return h\n"
    "end\n"
    "function word(n)\n"
    "  local all = \"the quick brown fox jumps over a lazy dog\"\n"
    "  local first = n * 7919 % 37 + 1\n"
    "  return sub(all, first, first + n % 5) .. n % 23\n"
    "end\n"
    "function joined(buffer, from, to)\n"
    "  if from == to then return buffer[from] end\n"
    "  local half = (from + to) // 2\n"
    "  return joined(buffer, from, half) .. \" \" .. joined(buffer, half + 1, to)\n"
    "end\n"
    "local counts = {}\n"
    "local buffer = {}\n"
    "distinct = 0\n"
    "for i = 1, 400 do\n"
    "  local w = word(i)\n"
    "  buffer[#buffer + 1] = w\n"
    "  if counts[w] == nil then\n"
    "    counts[w] = 1\n"
    "    distinct = distinct + 1\n"
    "  else\n"
    "    counts[w] = counts[w] + 1\n"
    "  end\n"
    "end\n"
    "sum = 0\n"
    "for i = 1, 20 do\n"
    "  local line = joined(buffer, 20 * i - 19, 20 * i)\n"
    "  sum = sum * 31 + hash(line) + counts[buffer[i * 20]]\n"
    "end\n"
    "local line = \"\"\n"
    "for i = 1, #buffer do\n"
    "  line = line .. buffer[i] .. \",\"\n"
    "  if #line > 60 or i == #buffer then\n"
    "    sum = sum * 31 + hash(line)\n"
    "    line = \"\"\n"
    "  end\n"
    "end\n";

int main(void)
{
    uint32_t sum = seed;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        run_script(text);
        sum = fold(fold(sum, result("sum", 3)), result("distinct", 8));
    }
    report("script_strings", fold(sum, executed));
    return 0;
}
