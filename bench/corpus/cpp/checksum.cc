// Integer, bits: SHA-256 of 24 MB.
// Sizes: 1 6 30
#include <bits/stdc++.h>
using namespace std;
typedef uint32_t u32;
u32 rotate(u32 x, int k) { return x >> k | x << (32 - k); }
u32 K[64], H[8];
void block(const unsigned char* p) {
  u32 w[64], s[8];
  for (int i = 0; i < 16; i++) w[i] = (u32)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] + (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
  memcpy(s, H, sizeof s);
  for (int i = 0; i < 64; i++) {
    u32 t = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
    u32 v = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    for (int j = 7; j; j--) s[j] = s[j - 1];
    s[4] += t, s[0] = t + v;
  }
  for (int i = 0; i < 8; i++) H[i] += s[i];
}
int main() {
  int rounds;
  if (scanf("%d", &rounds) != 1) return 1;
  int found = 0;
  for (int n = 2; found < 64; n++) {
    bool prime = true;
    for (int d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    double c = cbrt(n), q = sqrt(n);
    if (found < 8) H[found] = (u32)((q - floor(q)) * 4294967296.0);
    K[found++] = (u32)((c - floor(c)) * 4294967296.0);
  }
  vector<unsigned char> data(64 << 16);
  for (size_t i = 0; i < data.size(); i++) data[i] = i * 2654435761u >> 24;
  for (int round = 0; round < rounds; round++)
    for (size_t i = 0; i < data.size(); i += 64) block(&data[i]);
  for (u32 h : H) printf("%08x", h);
  puts("");
}
