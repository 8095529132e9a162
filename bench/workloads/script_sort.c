/* Tables in the scripting language: records sorted by a function that is a value, elements of arrays exchanged. */
#include "script.h"

enum { ROUNDS = 1200 };

static const char text[] =
    "function by_size(a, b) return a.size < b.size end\n"
    "function by_place(a, b)\n"
    "  if a.place == b.place then return a.size > b.size end\n"
    "  return a.place < b.place\n"
    "end\n"
    "function sort(a, low, high, less)\n"
    "  while low < high do\n"
    "    local pivot = a[(low + high) // 2]\n"
    "    local i = low\n"
    "    local j = high\n"
    "    while i <= j do\n"
    "      while less(a[i], pivot) do i = i + 1 end\n"
    "      while less(pivot, a[j]) do j = j - 1 end\n"
    "      if i <= j then\n"
    "        local other = a[i]\n"
    "        a[i] = a[j]\n"
    "        a[j] = other\n"
    "        i = i + 1\n"
    "        j = j - 1\n"
    "      end\n"
    "    end\n"
    "    if j - low < high - i then\n"
    "      sort(a, low, j, less)\n"
    "      low = i\n"
    "    else\n"
    "      sort(a, i, high, less)\n"
    "      high = j\n"
    "    end\n"
    "  end\n"
    "end\n"
    "function check(a, less)\n"
    "  local wrong = 0\n"
    "  local h = 0\n"
    "  for i = 1, #a do\n"
    "    if i > 1 and less(a[i], a[i - 1]) then wrong = wrong + 1 end\n"
    "    h = h * 31 + a[i].size + a[i].place\n"
    "  end\n"
    "  if wrong > 0 then return -1 end\n"
    "  return h\n"
    "end\n"
    "local all = {}\n"
    "local random = 42\n"
    "for i = 1, 200 do\n"
    "  random = (random * 171 + 11213) % 53125\n"
    "  local item = {}\n"
    "  item.size = random * 40000 + i\n"
    "  item.place = random % 20\n"
    "  all[i] = item\n"
    "end\n"
    "sort(all, 1, #all, by_size)\n"
    "first = check(all, by_size)\n"
    "sort(all, 1, #all, by_place)\n"
    "second = check(all, by_place)\n";

int main(void)
{
    uint32_t sum = seed;
    for (uint32_t round = part_of(ROUNDS); round > 0; round--) {
        run_script(text);
        sum = fold(fold(sum, result("first", 5)), result("second", 6));
    }
    report("script_sort", fold(sum, executed));
    return result("first", 5) == 0xffffffffu || result("second", 6) == 0xffffffffu;
}
