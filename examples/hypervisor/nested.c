/* nested.c: stub */
#include "vt.h"
void nested_new(struct vm *vm) { (void)vm; }
int nested_inside(struct vm *vm) { (void)vm; return 0; }
int nested_left(struct vm *vm) { (void)vm; return 0; }
void nested_due(struct vm *vm) { (void)vm; }
u64 nested_event(struct vm *vm) { (void)vm; return 0; }
int emulate_other(struct vm *vm, u32 word, u32 *next) { (void)vm; (void)word; (void)next; return 1; }
