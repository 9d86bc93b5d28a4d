// An interpreter: a small virtual machine with a switch in a loop.
// Sizes: 200000 2000000 20000000
#include <cstdio>
#include <vector>
enum Op { PUSH, ADD, SUB, MUL, MOD, LOAD, STORE, JUMP_IF_ZERO, JUMP, HALT };
struct Instruction { Op op; int value; };
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  // i = n; s = 0; while (i) { s = (s * 31 + i) mod 1000003; i = i - 1; }
  std::vector<Instruction> code = {
    {PUSH, n}, {STORE, 0}, {PUSH, 0}, {STORE, 1}, {LOAD, 0}, {JUMP_IF_ZERO, 19}, {LOAD, 1}, {PUSH, 31}, {MUL, 0}, {LOAD, 0},
    {ADD, 0}, {PUSH, 1000003}, {MOD, 0}, {STORE, 1}, {LOAD, 0}, {PUSH, 1}, {SUB, 0}, {STORE, 0}, {JUMP, 4}, {HALT, 0}};
  long long stack[64], variables[8] = {};
  int sp = 0;
  long long steps = 0;
  for (int pc = 0;; steps++) {
    const Instruction& i = code[pc++];
    switch (i.op) {
      case PUSH: stack[sp++] = i.value; break;
      case ADD: sp--; stack[sp - 1] += stack[sp]; break;
      case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
      case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
      case MOD: sp--; stack[sp - 1] %= stack[sp]; break;
      case LOAD: stack[sp++] = variables[i.value]; break;
      case STORE: variables[i.value] = stack[--sp]; break;
      case JUMP_IF_ZERO: if (!stack[--sp]) pc = i.value; break;
      case JUMP: pc = i.value; break;
      case HALT: std::printf("%lld %lld\n", variables[1], steps); return 0;
    }
  }
}
