// Shifts and searches of bitsets against vectors of bool.
#include <bits/stdc++.h>
using namespace std;
template<size_t N> void check(unsigned seed) {
  mt19937 r(seed);
  vector<bool> a(N); bitset<N> b;
  auto same=[&](const bitset<N>& x, const vector<bool>& y, const char* what){ for(size_t i=0;i<N;i++) if(x[i]!=y[i]){printf("differ %s N=%zu at %zu\n",what,N,i);exit(1);} };
  for (size_t i=0;i<N;i++) if (r()%2) a[i]=1,b[i]=1;
  for (int t=0;t<200;t++) {
    size_t s = r()%4==0 ? (r()%(N/64+1))*64 : r()%(N+3);
    vector<bool> l(N), q(N);
    for (size_t i=0;i<N;i++) { l[i]= i>=s ? a[i-s]:0; q[i]= i+s<N ? a[i+s]:0; }
    same(b<<s,l,"<<"); same(b>>s,q,">>");
    bitset<N> c=b; c<<=s; same(c,l,"<<="); if (c!=(b<<s)) exit(2);
    if ((b<<s).count()!=(size_t)count(l.begin(),l.end(),true)) {puts("count");exit(1);}
    c=b; c>>=s; same(c,q,">>="); 
    c=~b; for(size_t i=0;i<N;i++) if (c[i]==a[i]) {puts("~");exit(1);}
    if (c.count()+b.count()!=N) {puts("count2");exit(1);}
    if ((b|c).all()!=true || (b&c).any()) {puts("all");exit(1);}
    size_t k=0; for(size_t i=b._Find_first();i<N;i=b._Find_next(i)) {k++; if(!a[i]) {puts("find");exit(1);} }
    if(k!=b.count()) {puts("find2");exit(1);}
    if (bitset<N>(b.to_string())!=b) {puts("str");exit(1);}
    if (hash<bitset<N>>()(b)!=hash<bitset<N>>()(bitset<N>(b.to_string()))) {puts("hash");exit(1);}
    size_t f=r()%N; b.flip(f); a[f]=!a[f];
    if (N<=64) { auto v=b.to_ullong(); for(size_t i=0;i<N;i++) if ((v>>i&1)!=a[i]) {puts("ull");exit(1);} }
    bitset<N> d(0x123456789abcdef0ull); for(size_t i=0;i<min<size_t>(N,64);i++) if (d[i]!=(0x123456789abcdef0ull>>i&1)) {puts("ctor");exit(1);}
  }
}
int main(){ check<1>(1); check<33>(4); check<64>(6); check<65>(7); check<1000>(10); check<4096>(11);
#ifdef _LIBCPP_VERSION
  constexpr auto x = bitset<200>(5) << 100; static_assert(x[100] && x[102] && !x[101]);
#endif
 try { bitset<70> y; y[69]=1; (void)y.to_ulong(); puts("no throw"); } catch (overflow_error&) { puts("overflow"); }
 printf("%zu %zu\n", sizeof(bitset<32>), sizeof(bitset<1000>)); cout << bitset<70>(99).to_string() << endl; puts("ok"); }
