// Vectors of immintrin.h. Operations are written for 128 bits; those of 256 are, as on x86, nearly all the same on both halves.
#pragma once

#define __VECTOR(T, NAME, BYTES, ALIGNED)                                                                                   \
  typedef T NAME __attribute__((__vector_size__(BYTES), __aligned__(ALIGNED), __may_alias__));
__VECTOR(long long, __m128i, 16, 16) __VECTOR(float, __m128, 16, 16) __VECTOR(double, __m128d, 16, 16)
__VECTOR(long long, __m256i, 32, 32) __VECTOR(float, __m256, 32, 32) __VECTOR(double, __m256d, 32, 32)
__VECTOR(long long, __m128i_u, 16, 1) __VECTOR(float, __m128_u, 16, 1) __VECTOR(double, __m128d_u, 16, 1)
__VECTOR(long long, __m256i_u, 32, 1) __VECTOR(float, __m256_u, 32, 1) __VECTOR(double, __m256d_u, 32, 1)
__VECTOR(signed char, __v16qi, 16, 16) __VECTOR(unsigned char, __v16qu, 16, 16) __VECTOR(short, __v8hi, 16, 16)
__VECTOR(unsigned short, __v8hu, 16, 16) __VECTOR(int, __v4si, 16, 16) __VECTOR(unsigned, __v4su, 16, 16)
__VECTOR(long long, __v2di, 16, 16) __VECTOR(unsigned long long, __v2du, 16, 16)
__VECTOR(int, __v8si, 32, 32)
#undef __VECTOR

#define __I __m128i
#define __P __m128
#define __D __m128d

// ---- 128 bits: constants, loads and stores
__F __I _mm_setzero_si128(void) { return (__I){0, 0}; }
__F __P _mm_setzero_ps(void) { return (__P){0, 0, 0, 0}; }
__F __D _mm_setzero_pd(void) { return (__D){0, 0}; }
#define _mm_undefined_si128 _mm_setzero_si128
#define _mm_undefined_ps _mm_setzero_ps
#define _mm_undefined_pd _mm_setzero_pd
__F __I _mm_setr_epi8(char a, char b, char c, char d, char e, char f, char g, char h, char i, char j, char k, char l, char m, char n, char o, char p) {
  return (__I)(__v16qi){(signed char)a, (signed char)b, (signed char)c, (signed char)d, (signed char)e, (signed char)f, (signed char)g, (signed char)h, (signed char)i, (signed char)j, (signed char)k, (signed char)l, (signed char)m, (signed char)n, (signed char)o, (signed char)p};
}
__F __I _mm_set_epi8(char p, char o, char n, char m, char l, char k, char j, char i, char h, char g, char f, char e, char d, char c, char b, char a) {
  return _mm_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
}
__F __I _mm_setr_epi16(short a, short b, short c, short d, short e, short f, short g, short h) { return (__I)(__v8hi){a, b, c, d, e, f, g, h}; }
__F __I _mm_set_epi16(short h, short g, short f, short e, short d, short c, short b, short a) { return _mm_setr_epi16(a, b, c, d, e, f, g, h); }
__F __I _mm_setr_epi32(int a, int b, int c, int d) { return (__I)(__v4si){a, b, c, d}; }
__F __I _mm_set_epi32(int d, int c, int b, int a) { return _mm_setr_epi32(a, b, c, d); }
__F __I _mm_set_epi64x(long long b, long long a) { return (__I){a, b}; }
__F __P _mm_setr_ps(float a, float b, float c, float d) { return (__P){a, b, c, d}; }
__F __P _mm_set_ps(float d, float c, float b, float a) { return (__P){a, b, c, d}; }
__F __D _mm_setr_pd(double a, double b) { return (__D){a, b}; }
__F __D _mm_set_pd(double b, double a) { return (__D){a, b}; }
__F __I _mm_set1_epi8(char a) { return _mm_setr_epi8(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a); }
__F __I _mm_set1_epi16(short a) { return _mm_setr_epi16(a, a, a, a, a, a, a, a); }
__F __I _mm_set1_epi32(int a) { return _mm_setr_epi32(a, a, a, a); }
__F __I _mm_set1_epi64x(long long a) { return (__I){a, a}; }
__F __P _mm_set1_ps(float a) { return (__P){a, a, a, a}; }
__F __D _mm_set1_pd(double a) { return (__D){a, a}; }
#define _mm_set_ps1 _mm_set1_ps
#define _mm_set_pd1 _mm_set1_pd
__F __P _mm_set_ss(float a) { return (__P){a, 0, 0, 0}; }
__F __D _mm_set_sd(double a) { return (__D){a, 0}; }
__F __I _mm_load_si128(const __I *p) { return *p; }
__F __I _mm_loadu_si128(const __m128i_u *p) { return *p; }
#define _mm_lddqu_si128 _mm_loadu_si128
#define _mm_stream_load_si128(p) _mm_load_si128((const __m128i *)(p))
__F __I _mm_loadl_epi64(const __m128i_u *p) { long long a; memcpy(&a, p, 8); return (__I){a, 0}; }
__F __I _mm_loadu_si64(const void *p) { long long a; memcpy(&a, p, 8); return (__I){a, 0}; }
__F __I _mm_loadu_si32(const void *p) { int a; memcpy(&a, p, 4); return (__I)(__v4si){a, 0, 0, 0}; }
__F void _mm_storeu_si64(void *p, __I a) { long long x = a[0]; memcpy(p, &x, 8); }
__F void _mm_storeu_si32(void *p, __I a) { int x = (int)a[0]; memcpy(p, &x, 4); }
__F void _mm_storel_epi64(__m128i_u *p, __I a) { _mm_storeu_si64(p, a); }
__F void _mm_store_si128(__I *p, __I a) { *p = a; }
__F void _mm_storeu_si128(__m128i_u *p, __I a) { *p = a; }
#define _mm_stream_si128 _mm_store_si128
__F __P _mm_load_ps(const float *p) { return *(const __P *)p; }
__F __P _mm_loadu_ps(const float *p) { return *(const __m128_u *)p; }
__F __P _mm_load_ss(const float *p) { return _mm_set_ss(*p); }
__F __P _mm_load1_ps(const float *p) { return _mm_set1_ps(*p); }
#define _mm_load_ps1 _mm_load1_ps
#define _mm_broadcast_ss _mm_load1_ps
__F __D _mm_load_pd(const double *p) { return *(const __D *)p; }
__F __D _mm_loadu_pd(const double *p) { return *(const __m128d_u *)p; }
__F __D _mm_load_sd(const double *p) { return _mm_set_sd(*p); }
__F __D _mm_load1_pd(const double *p) { return _mm_set1_pd(*p); }
#define _mm_loaddup_pd _mm_load1_pd
__F void _mm_store_ps(float *p, __P a) { *(__P *)p = a; }
__F void _mm_storeu_ps(float *p, __P a) { *(__m128_u *)p = a; }
__F void _mm_store_ss(float *p, __P a) { *p = a[0]; }
__F void _mm_store_pd(double *p, __D a) { *(__D *)p = a; }
__F void _mm_storeu_pd(double *p, __D a) { *(__m128d_u *)p = a; }
__F void _mm_store_sd(double *p, __D a) { *p = a[0]; }
__F void _mm_storel_pd(double *p, __D a) { *p = a[0]; }
__F void _mm_storeh_pd(double *p, __D a) { *p = a[1]; }
#define _mm_stream_ps _mm_store_ps
#define _mm_stream_pd _mm_store_pd
__F __I _mm_cvtsi32_si128(int a) { return (__I)(__v4si){a, 0, 0, 0}; }
__F __I _mm_cvtsi64_si128(long long a) { return (__I){a, 0}; }
#define _mm_cvtsi64x_si128 _mm_cvtsi64_si128
__F int _mm_cvtsi128_si32(__I a) { return ((__v4si)a)[0]; }
__F long long _mm_cvtsi128_si64(__I a) { return a[0]; }
#define _mm_cvtsi128_si64x _mm_cvtsi128_si64
__F float _mm_cvtss_f32(__P a) { return a[0]; }
__F double _mm_cvtsd_f64(__D a) { return a[0]; }
__F __I _mm_castps_si128(__P a) { return (__I)a; }
__F __I _mm_castpd_si128(__D a) { return (__I)a; }
__F __P _mm_castsi128_ps(__I a) { return (__P)a; }
__F __P _mm_castpd_ps(__D a) { return (__P)a; }
__F __D _mm_castsi128_pd(__I a) { return (__D)a; }
__F __D _mm_castps_pd(__P a) { return (__D)a; }

// ---- 128 bits: integers
#define __OF1(T, NAME, A, V, EXPRESSION) __F T NAME(A a) { return (T)(EXPRESSION); }
#define __OF2(T, NAME, V, EXPRESSION) __F T NAME(T a, T b) { const V x = (V)a, y = (V)b; return (T)(EXPRESSION); }
__OF2(__I, _mm_add_epi8, __v16qu, x + y) __OF2(__I, _mm_add_epi16, __v8hu, x + y)
__OF2(__I, _mm_add_epi32, __v4su, x + y) __OF2(__I, _mm_add_epi64, __v2du, x + y)
__OF2(__I, _mm_sub_epi8, __v16qu, x - y) __OF2(__I, _mm_sub_epi16, __v8hu, x - y)
__OF2(__I, _mm_sub_epi32, __v4su, x - y) __OF2(__I, _mm_sub_epi64, __v2du, x - y)
__OF2(__I, _mm_adds_epi8, __v16qi, __builtin_elementwise_add_sat(x, y)) __OF2(__I, _mm_adds_epi16, __v8hi, __builtin_elementwise_add_sat(x, y))
__OF2(__I, _mm_adds_epu8, __v16qu, __builtin_elementwise_add_sat(x, y)) __OF2(__I, _mm_adds_epu16, __v8hu, __builtin_elementwise_add_sat(x, y))
__OF2(__I, _mm_subs_epi8, __v16qi, __builtin_elementwise_sub_sat(x, y)) __OF2(__I, _mm_subs_epi16, __v8hi, __builtin_elementwise_sub_sat(x, y))
__OF2(__I, _mm_subs_epu8, __v16qu, __builtin_elementwise_sub_sat(x, y)) __OF2(__I, _mm_subs_epu16, __v8hu, __builtin_elementwise_sub_sat(x, y))
__OF2(__I, _mm_mullo_epi16, __v8hu, x * y) __OF2(__I, _mm_mullo_epi32, __v4su, x * y)
__OF2(__I, _mm_mul_epu32, __v2du, (x & 0xffffffffu) * (y & 0xffffffffu))
__OF2(__I, _mm_mul_epi32, __v2di, (x << 32 >> 32) * (y << 32 >> 32))
__OF2(__I, _mm_and_si128, __I, x & y) __OF2(__I, _mm_or_si128, __I, x | y)
__OF2(__I, _mm_xor_si128, __I, x ^ y) __OF2(__I, _mm_andnot_si128, __I, ~x & y)
__OF2(__I, _mm_cmpeq_epi8, __v16qi, x == y) __OF2(__I, _mm_cmpeq_epi16, __v8hi, x == y)
__OF2(__I, _mm_cmpeq_epi32, __v4si, x == y) __OF2(__I, _mm_cmpeq_epi64, __v2di, x == y)
__OF2(__I, _mm_cmpgt_epi8, __v16qi, x > y) __OF2(__I, _mm_cmpgt_epi16, __v8hi, x > y)
__OF2(__I, _mm_cmpgt_epi32, __v4si, x > y) __OF2(__I, _mm_cmpgt_epi64, __v2di, x > y)
__OF2(__I, _mm_cmplt_epi8, __v16qi, x < y) __OF2(__I, _mm_cmplt_epi16, __v8hi, x < y) __OF2(__I, _mm_cmplt_epi32, __v4si, x < y)
#define __EXTREMES(SUFFIX, V)                                                                                               \
  __OF2(__I, _mm_max_##SUFFIX, V, __builtin_elementwise_max(x, y)) __OF2(__I, _mm_min_##SUFFIX, V, __builtin_elementwise_min(x, y))
__EXTREMES(epi8, __v16qi) __EXTREMES(epi16, __v8hi) __EXTREMES(epi32, __v4si)
__EXTREMES(epu8, __v16qu) __EXTREMES(epu16, __v8hu) __EXTREMES(epu32, __v4su)
__OF2(__I, _mm_avg_epu8, __v16qu, (x | y) - ((x ^ y) >> 1)) __OF2(__I, _mm_avg_epu16, __v8hu, (x | y) - ((x ^ y) >> 1))
__OF1(__I, _mm_abs_epi8, __I, __v16qi, __builtin_elementwise_abs((__v16qi)a))
__OF1(__I, _mm_abs_epi16, __I, __v8hi, __builtin_elementwise_abs((__v8hi)a))
__OF1(__I, _mm_abs_epi32, __I, __v4si, __builtin_elementwise_abs((__v4si)a))
__OF2(__I, _mm_sign_epi8, __v16qi, ((x ^ (y < 0)) - (y < 0)) & (y != 0))
__OF2(__I, _mm_sign_epi16, __v8hi, ((x ^ (y < 0)) - (y < 0)) & (y != 0))
__OF2(__I, _mm_sign_epi32, __v4si, ((x ^ (y < 0)) - (y < 0)) & (y != 0))
// Counts beyond a lane's bits give 0, or the sign.
#define __SHIFTS(BITS, T, U)                                                                                                \
  __F __I __sll_##BITS(__I a, unsigned long long n) { return n < BITS ? (__I)((U)a << (T)n) : (__I){0, 0}; }                \
  __F __I __srl_##BITS(__I a, unsigned long long n) { return n < BITS ? (__I)((U)a >> (T)n) : (__I){0, 0}; }                \
  __F __I _mm_slli_epi##BITS(__I a, int n) { return __sll_##BITS(a, (unsigned)n); }                                         \
  __F __I _mm_srli_epi##BITS(__I a, int n) { return __srl_##BITS(a, (unsigned)n); }                                         \
  __F __I _mm_sll_epi##BITS(__I a, __I n) { return __sll_##BITS(a, (unsigned long long)n[0]); }                             \
  __F __I _mm_srl_epi##BITS(__I a, __I n) { return __srl_##BITS(a, (unsigned long long)n[0]); }
__SHIFTS(16, unsigned short, __v8hu) __SHIFTS(32, unsigned, __v4su) __SHIFTS(64, unsigned long long, __v2du)
__F __I __sra_16(__I a, unsigned long long n) { return (__I)((__v8hi)a >> (short)(n < 16 ? n : 15)); }
__F __I __sra_32(__I a, unsigned long long n) { return (__I)((__v4si)a >> (int)(n < 32 ? n : 31)); }
__F __I _mm_srai_epi16(__I a, int n) { return __sra_16(a, (unsigned)n); }
__F __I _mm_srai_epi32(__I a, int n) { return __sra_32(a, (unsigned)n); }
__F __I _mm_sra_epi16(__I a, __I n) { return __sra_16(a, (unsigned long long)n[0]); }
__F __I _mm_sra_epi32(__I a, __I n) { return __sra_32(a, (unsigned long long)n[0]); }
__OF2(__I, _mm_sllv_epi32, __v4su, (__v4su)(x << (y & 31)) & (__v4su)(y < 32)) __OF2(__I, _mm_srlv_epi32, __v4su, (__v4su)(x >> (y & 31)) & (__v4su)(y < 32))
__OF2(__I, _mm_sllv_epi64, __v2du, (__v2du)(x << (y & 63)) & (__v2du)(y < 64)) __OF2(__I, _mm_srlv_epi64, __v2du, (__v2du)(x >> (y & 63)) & (__v2du)(y < 64))
__OF2(__I, _mm_srav_epi32, __v4su, (__v4si)x >> (__v4si)__builtin_elementwise_min(y, (__v4su){31, 31, 31, 31}))
__F __I __bytes(__I a, __I b, int n) {
  unsigned char all[64] = {0};
  memcpy(all, &b, 16), memcpy(all + 16, &a, 16);
  __I r;
  memcpy(&r, all + (n < 0 || n > 32 ? 32 : n), 16);
  return r;
}
__F __I _mm_alignr_epi8(__I a, __I b, int n) { return __bytes(a, b, n & 255); }
__F __I _mm_srli_si128(__I a, int n) { return __bytes((__I){0, 0}, a, (n & 255) > 16 ? 16 : n & 255); }
__F __I _mm_slli_si128(__I a, int n) { return __bytes(a, (__I){0, 0}, (n & 255) > 16 ? 0 : 16 - (n & 255)); }
#define _mm_bsrli_si128 _mm_srli_si128
#define _mm_bslli_si128 _mm_slli_si128
__F __I _mm_shuffle_epi8(__I a, __I at) { return (__I)__builtin_wasm_swizzle_i8x16((__v16qi)a, (__v16qi)at & (signed char)0x8f); }
__F __I _mm_shuffle_epi32(__I a, int n) { const __v4si x = (__v4si)a; return (__I)(__v4si){x[n & 3], x[n >> 2 & 3], x[n >> 4 & 3], x[n >> 6 & 3]}; }
__F __I _mm_shufflelo_epi16(__I a, int n) { __v8hi x = (__v8hi)a; return (__I)(__v8hi){x[n & 3], x[n >> 2 & 3], x[n >> 4 & 3], x[n >> 6 & 3], x[4], x[5], x[6], x[7]}; }
__F __I _mm_shufflehi_epi16(__I a, int n) { __v8hi x = (__v8hi)a; return (__I)(__v8hi){x[0], x[1], x[2], x[3], x[4 + (n & 3)], x[4 + (n >> 2 & 3)], x[4 + (n >> 4 & 3)], x[4 + (n >> 6 & 3)]}; }
__OF2(__I, _mm_unpacklo_epi8, __v16qi, __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
__OF2(__I, _mm_unpackhi_epi8, __v16qi, __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31))
__OF2(__I, _mm_unpacklo_epi16, __v8hi, __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11)) __OF2(__I, _mm_unpackhi_epi16, __v8hi, __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15))
__OF2(__I, _mm_unpacklo_epi32, __v4si, __builtin_shufflevector(x, y, 0, 4, 1, 5)) __OF2(__I, _mm_unpackhi_epi32, __v4si, __builtin_shufflevector(x, y, 2, 6, 3, 7))
__OF2(__I, _mm_unpacklo_epi64, __I, __builtin_shufflevector(x, y, 0, 2)) __OF2(__I, _mm_unpackhi_epi64, __I, __builtin_shufflevector(x, y, 1, 3))
__OF2(__I, _mm_packs_epi16, __v8hi, __builtin_wasm_narrow_s_i8x16_i16x8(x, y)) __OF2(__I, _mm_packus_epi16, __v8hi, __builtin_wasm_narrow_u_i8x16_i16x8(x, y))
__OF2(__I, _mm_packs_epi32, __v4si, __builtin_wasm_narrow_s_i16x8_i32x4(x, y)) __OF2(__I, _mm_packus_epi32, __v4si, __builtin_wasm_narrow_u_i16x8_i32x4(x, y))
__OF2(__I, _mm_madd_epi16, __v8hi, __builtin_wasm_dot_s_i32x4_i16x8(x, y))
#define __EVEN8(v) __builtin_shufflevector(v, v, 0, 2, 4, 6, 8, 10, 12, 14)
#define __ODD8(v) __builtin_shufflevector(v, v, 1, 3, 5, 7, 9, 11, 13, 15)
#define __WIDE8(v, T) __builtin_convertvector(v, T)
__F __I _mm_maddubs_epi16(__I a, __I b) {
  const __v16qu x = (__v16qu)a;
  const __v16qi y = (__v16qi)b;
  const __v8hi even = __WIDE8(__EVEN8(x), __v8hi) * __WIDE8(__EVEN8(y), __v8hi), odd = __WIDE8(__ODD8(x), __v8hi) * __WIDE8(__ODD8(y), __v8hi);
  return (__I)__builtin_elementwise_add_sat(even, odd);
}
#define __HIGH16(V, W, S)                                                                                                   \
  typedef S W __attribute__((__vector_size__(32)));                                                                        \
  __F __I __high_##V(__I a, __I b, int round) {                                                                             \
    const W product = __builtin_convertvector((V)a, W) * __builtin_convertvector((V)b, W);                                  \
    return (__I)__builtin_convertvector(round ? ((product >> 14) + 1) >> 1 : product >> 16, V);                             \
  }
__HIGH16(__v8hi, __wide_s, int) __HIGH16(__v8hu, __wide_u, unsigned)
#undef __HIGH16
__F __I _mm_mulhi_epi16(__I a, __I b) { return __high___v8hi(a, b, 0); }
__F __I _mm_mulhi_epu16(__I a, __I b) { return __high___v8hu(a, b, 0); }
__F __I _mm_mulhrs_epi16(__I a, __I b) { return __high___v8hi(a, b, 1); }
__F __I _mm_sad_epu8(__I a, __I b) {
  const __v16qu x = (__v16qu)a, y = (__v16qu)b, d = __builtin_elementwise_max(x, y) - __builtin_elementwise_min(x, y);
  long long low = 0, high = 0;
  for (int i = 0; i < 8; i++) low += d[i], high += d[8 + i];
  return (__I){low, high};
}
__OF2(__I, _mm_hadd_epi16, __v8hu, __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14) + __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15))
__OF2(__I, _mm_hsub_epi16, __v8hu, __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14) - __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15))
__OF2(__I, _mm_hadds_epi16, __v8hi, __builtin_elementwise_add_sat(__builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14), __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15)))
__OF2(__I, _mm_hadd_epi32, __v4su, __builtin_shufflevector(x, y, 0, 2, 4, 6) + __builtin_shufflevector(x, y, 1, 3, 5, 7))
__OF2(__I, _mm_hsub_epi32, __v4su, __builtin_shufflevector(x, y, 0, 2, 4, 6) - __builtin_shufflevector(x, y, 1, 3, 5, 7))
__F __I _mm_blendv_epi8(__I a, __I b, __I mask) { const __I m = (__I)((__v16qi)mask < 0); return (a & ~m) | (b & m); }
__F __I _mm_blend_epi16(__I a, __I b, int n) {
  const __v8hu bits = {1, 2, 4, 8, 16, 32, 64, 128};
  const __I m = (__I)((bits & (unsigned short)n) != 0);
  return (a & ~m) | (b & m);
}
__F __I _mm_blend_epi32(__I a, __I b, int n) {
  const __v4su bits = {1, 2, 4, 8};
  const __I m = (__I)((bits & (unsigned)n) != 0);
  return (a & ~m) | (b & m);
}
__F int _mm_movemask_epi8(__I a) { return (int)(unsigned)__builtin_wasm_bitmask_i8x16((__v16qi)a); }
__F int _mm_movemask_ps(__P a) { return (int)(unsigned)__builtin_wasm_bitmask_i32x4((__v4si)a); }
__F int _mm_movemask_pd(__D a) { return (int)(unsigned)__builtin_wasm_bitmask_i64x2((__v2di)a); }
__F int __any(__I a) { return __builtin_wasm_any_true_v128((__v16qi)a); }
__F int _mm_testz_si128(__I a, __I b) { return !__any(a & b); }
__F int _mm_testc_si128(__I a, __I b) { return !__any(~a & b); }
__F int _mm_testnzc_si128(__I a, __I b) { return __any(a & b) && __any(~a & b); }
#define _mm_test_all_zeros _mm_testz_si128
#define _mm_test_mix_ones_zeros _mm_testnzc_si128
__F int _mm_test_all_ones(__I a) { return !__any(~a); }
__F int _mm_extract_epi8(__I a, int n) { return ((__v16qu)a)[n & 15]; }
__F int _mm_extract_epi16(__I a, int n) { return ((__v8hu)a)[n & 7]; }
__F int _mm_extract_epi32(__I a, int n) { return ((__v4si)a)[n & 3]; }
__F long long _mm_extract_epi64(__I a, int n) { return a[n & 1]; }
__F __I _mm_insert_epi8(__I a, int b, int n) { __v16qi r = (__v16qi)a; r[n & 15] = (signed char)b; return (__I)r; }
__F __I _mm_insert_epi16(__I a, int b, int n) { __v8hi r = (__v8hi)a; r[n & 7] = (short)b; return (__I)r; }
__F __I _mm_insert_epi32(__I a, int b, int n) { __v4si r = (__v4si)a; r[n & 3] = b; return (__I)r; }
__F __I _mm_insert_epi64(__I a, long long b, int n) { a[n & 1] = b; return a; }
__F __I _mm_move_epi64(__I a) { return (__I){a[0], 0}; }
#define __WIDEN(NAME, FROM, V, ...) __F __I NAME(__I a) { const FROM x = (FROM)a; return (__I)__builtin_convertvector(__builtin_shufflevector(x, x, __VA_ARGS__), V); }
__WIDEN(_mm_cvtepi8_epi16, __v16qi, __v8hi, 0, 1, 2, 3, 4, 5, 6, 7) __WIDEN(_mm_cvtepu8_epi16, __v16qu, __v8hi, 0, 1, 2, 3, 4, 5, 6, 7)
__WIDEN(_mm_cvtepi8_epi32, __v16qi, __v4si, 0, 1, 2, 3) __WIDEN(_mm_cvtepu8_epi32, __v16qu, __v4si, 0, 1, 2, 3)
__WIDEN(_mm_cvtepi8_epi64, __v16qi, __v2di, 0, 1) __WIDEN(_mm_cvtepu8_epi64, __v16qu, __v2di, 0, 1)
__WIDEN(_mm_cvtepi16_epi32, __v8hi, __v4si, 0, 1, 2, 3) __WIDEN(_mm_cvtepu16_epi32, __v8hu, __v4si, 0, 1, 2, 3)
__WIDEN(_mm_cvtepi16_epi64, __v8hi, __v2di, 0, 1) __WIDEN(_mm_cvtepu16_epi64, __v8hu, __v2di, 0, 1)
__WIDEN(_mm_cvtepi32_epi64, __v4si, __v2di, 0, 1) __WIDEN(_mm_cvtepu32_epi64, __v4su, __v2di, 0, 1)
__F __I _mm_minpos_epu16(__I a) {
  int at = 0;
  for (int i = 1; i < 8; i++) if (((__v8hu)a)[i] < ((__v8hu)a)[at]) at = i;
  return (__I)(__v8hi){(short)((__v8hu)a)[at], (short)at, 0, 0, 0, 0, 0, 0};
}
__F __I _mm_clmulepi64_si128(__I a, __I b, int n) {
  const unsigned long long x = (unsigned long long)a[n & 1], y = (unsigned long long)b[n >> 4 & 1];
  unsigned __int128 r = 0;
  for (int i = 0; i < 64; i++) r ^= (unsigned __int128)x << i & -(unsigned __int128)(y >> i & 1);
  return (__I){(long long)r, (long long)(r >> 64)};
}
#define __GATHER(NAME, T, V, COUNT) __F __I NAME(const T *p, __I at, int scale) { V r = {0}; for (int i = 0; i < COUNT; i++) r[i] = *(const T *)((const char *)p + (int)((__v4si)at)[i] * scale); return (__I)r; }
__GATHER(_mm_i32gather_epi32, int, __v4si, 4) __GATHER(_mm_i32gather_epi64, long long, __v2di, 2)
#undef __GATHER
__F __I _mm_i64gather_epi64(const long long *p, __I at, int scale) { __I r; for (int i = 0; i < 2; i++) r[i] = *(const long long *)((const char *)p + (int)at[i] * scale); return r; }
__F __I _mm_maskload_epi32(const int *p, __I mask) { __v4si r = {0}; for (int i = 0; i < 4; i++) if (((__v4si)mask)[i] < 0) r[i] = p[i]; return (__I)r; }
__F void _mm_maskstore_epi32(int *p, __I mask, __I a) { for (int i = 0; i < 4; i++) if (((__v4si)mask)[i] < 0) p[i] = ((__v4si)a)[i]; }
__F __I _mm_maskload_epi64(const long long *p, __I mask) { __I r = {0}; for (int i = 0; i < 2; i++) if (mask[i] < 0) r[i] = p[i]; return r; }
__F void _mm_maskstore_epi64(long long *p, __I mask, __I a) { for (int i = 0; i < 2; i++) if (mask[i] < 0) p[i] = a[i]; }
__F __I _mm_broadcastb_epi8(__I a) { return _mm_set1_epi8((char)((__v16qi)a)[0]); }
__F __I _mm_broadcastw_epi16(__I a) { return _mm_set1_epi16(((__v8hi)a)[0]); }
__F __I _mm_broadcastd_epi32(__I a) { return _mm_set1_epi32(((__v4si)a)[0]); }
__F __I _mm_broadcastq_epi64(__I a) { return _mm_set1_epi64x(a[0]); }

// ---- 128 bits: floating point. A comparison with NaN picks the second operand, as x86 does.
#define __FLOATS(V, SUFFIX, ONE, T, M)                                                                                      \
  __OF2(V, _mm_add_##SUFFIX, V, x + y) __OF2(V, _mm_sub_##SUFFIX, V, x - y) __OF2(V, _mm_mul_##SUFFIX, V, x * y)            \
  __OF2(V, _mm_div_##SUFFIX, V, x / y) __OF1(V, _mm_sqrt_##SUFFIX, V, V, __builtin_elementwise_sqrt(a))                     \
  __OF2(V, _mm_and_##SUFFIX, M, x & y) __OF2(V, _mm_or_##SUFFIX, M, x | y) __OF2(V, _mm_xor_##SUFFIX, M, x ^ y)             \
  __OF2(V, _mm_andnot_##SUFFIX, M, ~x & y)                                                                                  \
  __F V __pick_##SUFFIX(M m, V a, V b) { return (V)(((M)a & m) | ((M)b & ~m)); }                                            \
  __F V _mm_min_##SUFFIX(V a, V b) { return __pick_##SUFFIX((M)(a < b), a, b); }                                            \
  __F V _mm_max_##SUFFIX(V a, V b) { return __pick_##SUFFIX((M)(a > b), a, b); }                                            \
  __OF2(V, _mm_cmpeq_##SUFFIX, V, x == y) __OF2(V, _mm_cmpneq_##SUFFIX, V, x != y) __OF2(V, _mm_cmplt_##SUFFIX, V, x < y)   \
  __OF2(V, _mm_cmple_##SUFFIX, V, x <= y) __OF2(V, _mm_cmpgt_##SUFFIX, V, x > y) __OF2(V, _mm_cmpge_##SUFFIX, V, x >= y)    \
  __OF2(V, _mm_cmpnlt_##SUFFIX, V, ~(M)(x < y)) __OF2(V, _mm_cmpnle_##SUFFIX, V, ~(M)(x <= y))                              \
  __OF2(V, _mm_cmpord_##SUFFIX, V, (M)(x == x) & (M)(y == y)) __OF2(V, _mm_cmpunord_##SUFFIX, V, (M)(x != x) | (M)(y != y)) \
  __F V _mm_cmp_##SUFFIX(V a, V b, int how) {                                                                               \
    const M lt = (M)(a < b), eq = (M)(a == b), gt = (M)(a > b), none = (M)(a != a) | (M)(b != b);                           \
    const M all = lt | eq | gt | none, zero = all & ~all;                                                                   \
    switch (how & 15) {                                                                                                     \
      case 0: return (V)eq; case 1: return (V)lt; case 2: return (V)(lt | eq); case 3: return (V)none;                      \
      case 4: return (V)~eq; case 5: return (V)~lt; case 6: return (V)~(lt | eq); case 7: return (V)~none;                  \
      case 8: return (V)(eq | none); case 9: return (V)(lt | none); case 10: return (V)(lt | eq | none);                    \
      case 11: return (V)zero; case 12: return (V)(lt | gt); case 13: return (V)(gt | eq); case 14: return (V)gt;           \
      default: return (V)~zero;                                                                                             \
    }                                                                                                                       \
  }                                                                                                                         \
  __OF1(V, _mm_floor_##SUFFIX, V, V, __builtin_elementwise_floor(a)) __OF1(V, _mm_ceil_##SUFFIX, V, V, __builtin_elementwise_ceil(a)) \
  __F V _mm_round_##SUFFIX(V a, int how) {                                                                                  \
    switch (how & 3) {                                                                                                      \
      case 1: return __builtin_elementwise_floor(a);                                                                        \
      case 2: return __builtin_elementwise_ceil(a);                                                                         \
      case 3: return __builtin_elementwise_trunc(a);                                                                        \
      default: return __builtin_elementwise_roundeven(a);                                                                   \
    }                                                                                                                       \
  }                                                                                                                         \
  __F V _mm_blendv_##SUFFIX(V a, V b, V mask) { return __pick_##SUFFIX((M)((M)mask < 0), b, a); }                           \
  __F V _mm_fmadd_##SUFFIX(V a, V b, V c) { return __builtin_elementwise_fma(a, b, c); }                                    \
  __F V _mm_fmsub_##SUFFIX(V a, V b, V c) { return __builtin_elementwise_fma(a, b, -c); }                                   \
  __F V _mm_fnmadd_##SUFFIX(V a, V b, V c) { return __builtin_elementwise_fma(-a, b, c); }                                  \
  __F V _mm_fnmsub_##SUFFIX(V a, V b, V c) { return __builtin_elementwise_fma(-a, b, -c); }                                 \
  __F V _mm_add_##ONE(V a, V b) { a[0] = a[0] + b[0]; return a; }                                                           \
  __F V _mm_sub_##ONE(V a, V b) { a[0] = a[0] - b[0]; return a; }                                                           \
  __F V _mm_mul_##ONE(V a, V b) { a[0] = a[0] * b[0]; return a; }                                                           \
  __F V _mm_div_##ONE(V a, V b) { a[0] = a[0] / b[0]; return a; }                                                           \
  __F V _mm_min_##ONE(V a, V b) { a[0] = a[0] < b[0] ? a[0] : b[0]; return a; }                                             \
  __F V _mm_max_##ONE(V a, V b) { a[0] = a[0] > b[0] ? a[0] : b[0]; return a; }                                             \
  __F V _mm_fmadd_##ONE(V a, V b, V c) { a[0] = _mm_fmadd_##SUFFIX(a, b, c)[0]; return a; }                                 \
  __F V _mm_move_##ONE(V a, V b) { a[0] = b[0]; return a; }                                                                 \
  __F int _mm_comieq_##ONE(V a, V b) { return a[0] == b[0]; }                                                               \
  __F int _mm_comilt_##ONE(V a, V b) { return a[0] < b[0]; }                                                                \
  __F int _mm_comile_##ONE(V a, V b) { return a[0] <= b[0]; }                                                               \
  __F int _mm_comigt_##ONE(V a, V b) { return a[0] > b[0]; }                                                                \
  __F int _mm_comige_##ONE(V a, V b) { return a[0] >= b[0]; }                                                               \
  __F int _mm_comineq_##ONE(V a, V b) { return a[0] != b[0]; }
__FLOATS(__P, ps, ss, float, __v4si) __FLOATS(__D, pd, sd, double, __v2di)
#undef __FLOATS
__F __P _mm_sqrt_ss(__P a) { a[0] = _mm_sqrt_ps(a)[0]; return a; }
__F __D _mm_sqrt_sd(__D a, __D b) { a[0] = _mm_sqrt_pd(b)[0]; return a; }
__F __P _mm_rcp_ps(__P a) { return 1 / a; }
__F __P _mm_rsqrt_ps(__P a) { return 1 / _mm_sqrt_ps(a); }
__F __P _mm_rcp_ss(__P a) { a[0] = 1 / a[0]; return a; }
__F __P _mm_rsqrt_ss(__P a) { a[0] = _mm_rsqrt_ps(a)[0]; return a; }
__OF2(__P, _mm_hadd_ps, __P, __builtin_shufflevector(x, y, 0, 2, 4, 6) + __builtin_shufflevector(x, y, 1, 3, 5, 7))
__OF2(__P, _mm_hsub_ps, __P, __builtin_shufflevector(x, y, 0, 2, 4, 6) - __builtin_shufflevector(x, y, 1, 3, 5, 7))
__OF2(__D, _mm_hadd_pd, __D, __builtin_shufflevector(x, y, 0, 2) + __builtin_shufflevector(x, y, 1, 3))
__OF2(__D, _mm_hsub_pd, __D, __builtin_shufflevector(x, y, 0, 2) - __builtin_shufflevector(x, y, 1, 3))
__OF2(__P, _mm_addsub_ps, __P, ((__P){x[0] - y[0], x[1] + y[1], x[2] - y[2], x[3] + y[3]}))
__OF2(__D, _mm_addsub_pd, __D, ((__D){x[0] - y[0], x[1] + y[1]}))
__OF2(__P, _mm_unpacklo_ps, __P, __builtin_shufflevector(x, y, 0, 4, 1, 5)) __OF2(__P, _mm_unpackhi_ps, __P, __builtin_shufflevector(x, y, 2, 6, 3, 7))
__OF2(__D, _mm_unpacklo_pd, __D, __builtin_shufflevector(x, y, 0, 2)) __OF2(__D, _mm_unpackhi_pd, __D, __builtin_shufflevector(x, y, 1, 3))
__OF2(__P, _mm_movehl_ps, __P, __builtin_shufflevector(x, y, 6, 7, 2, 3)) __OF2(__P, _mm_movelh_ps, __P, __builtin_shufflevector(x, y, 0, 1, 4, 5))
__OF1(__P, _mm_movehdup_ps, __P, __P, __builtin_shufflevector(a, a, 1, 1, 3, 3)) __OF1(__P, _mm_moveldup_ps, __P, __P, __builtin_shufflevector(a, a, 0, 0, 2, 2))
__OF1(__D, _mm_movedup_pd, __D, __D, __builtin_shufflevector(a, a, 0, 0))
__F __P _mm_shuffle_ps(__P a, __P b, int n) { return (__P){a[n & 3], a[n >> 2 & 3], b[n >> 4 & 3], b[n >> 6 & 3]}; }
__F __D _mm_shuffle_pd(__D a, __D b, int n) { return (__D){a[n & 1], b[n >> 1 & 1]}; }
__F __P _mm_permute_ps(__P a, int n) { return _mm_shuffle_ps(a, a, n); }
__F __D _mm_permute_pd(__D a, int n) { return _mm_shuffle_pd(a, a, n); }
__F __P _mm_permutevar_ps(__P a, __I n) { __P r; for (int i = 0; i < 4; i++) r[i] = a[((__v4si)n)[i] & 3]; return r; }
__F __D _mm_permutevar_pd(__D a, __I n) { return (__D){a[n[0] >> 1 & 1], a[n[1] >> 1 & 1]}; }
__F __P _mm_blend_ps(__P a, __P b, int n) { return (__P)_mm_blend_epi32((__I)a, (__I)b, n); }
__F __D _mm_blend_pd(__D a, __D b, int n) { return (__D){n & 1 ? b[0] : a[0], n & 2 ? b[1] : a[1]}; }
__F __P _mm_dp_ps(__P a, __P b, int n) {
  const __P p = a * b;
  const float s = ((n & 16 ? p[0] : 0) + (n & 32 ? p[1] : 0)) + ((n & 64 ? p[2] : 0) + (n & 128 ? p[3] : 0));
  return (__P){n & 1 ? s : 0, n & 2 ? s : 0, n & 4 ? s : 0, n & 8 ? s : 0};
}
__F __I __whole_ps(__P a) {
  const __v4si fits = (__v4si)(a >= -2147483648.0f) & (__v4si)(a < 2147483648.0f);
  return (__I)((__builtin_wasm_trunc_saturate_s_i32x4_f32x4(a) & fits) | (~fits & (__v4si){INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN}));
}
__F int __whole_pd(double a) { return a > -2147483649.0 && a < 2147483648.0 ? (int)a : INT32_MIN; }
__F __P _mm_cvtepi32_ps(__I a) { return __builtin_convertvector((__v4si)a, __P); }
__F __D _mm_cvtepi32_pd(__I a) { return (__D){(double)((__v4si)a)[0], (double)((__v4si)a)[1]}; }
__F __I _mm_cvttps_epi32(__P a) { return __whole_ps(a); }
__F __I _mm_cvtps_epi32(__P a) { return __whole_ps(__builtin_elementwise_roundeven(a)); }
__F __I _mm_cvttpd_epi32(__D a) { return (__I)(__v4si){__whole_pd(a[0]), __whole_pd(a[1]), 0, 0}; }
__F __I _mm_cvtpd_epi32(__D a) { return _mm_cvttpd_epi32(__builtin_elementwise_roundeven(a)); }
__F __D _mm_cvtps_pd(__P a) { return (__D){a[0], a[1]}; }
__F __P _mm_cvtpd_ps(__D a) { return (__P){(float)a[0], (float)a[1], 0, 0}; }
__F int _mm_cvttss_si32(__P a) { return ((__v4si)__whole_ps(a))[0]; }
__F int _mm_cvtss_si32(__P a) { return ((__v4si)_mm_cvtps_epi32(a))[0]; }
__F int _mm_cvttsd_si32(__D a) { return __whole_pd(a[0]); }
__F int _mm_cvtsd_si32(__D a) { return __whole_pd(__builtin_elementwise_roundeven(a)[0]); }
__F __P _mm_cvtsi32_ss(__P a, int b) { a[0] = (float)b; return a; }
__F __D _mm_cvtsi32_sd(__D a, int b) { a[0] = b; return a; }
__F __D _mm_cvtsi64_sd(__D a, long long b) { a[0] = (double)b; return a; }
#define _MM_TRANSPOSE4_PS(a, b, c, d)                                                                                       \
  do {                                                                                                                      \
    const __m128 t0 = _mm_unpacklo_ps(a, b), t1 = _mm_unpacklo_ps(c, d), t2 = _mm_unpackhi_ps(a, b), t3 = _mm_unpackhi_ps(c, d); \
    a = _mm_movelh_ps(t0, t1), b = _mm_movehl_ps(t1, t0), c = _mm_movelh_ps(t2, t3), d = _mm_movehl_ps(t3, t2);             \
  } while (0)
#define _MM_FROUND_TO_NEAREST_INT 0
#define _MM_FROUND_TO_NEG_INF 1
#define _MM_FROUND_TO_POS_INF 2
#define _MM_FROUND_TO_ZERO 3
#define _MM_FROUND_CUR_DIRECTION 4
#define _MM_FROUND_RAISE_EXC 0
#define _MM_FROUND_NO_EXC 8
enum {
  _CMP_EQ_OQ, _CMP_LT_OS, _CMP_LE_OS, _CMP_UNORD_Q, _CMP_NEQ_UQ, _CMP_NLT_US, _CMP_NLE_US, _CMP_ORD_Q, _CMP_EQ_UQ, _CMP_NGE_US, _CMP_NGT_US,
  _CMP_FALSE_OQ, _CMP_NEQ_OQ, _CMP_GE_OS, _CMP_GT_OS, _CMP_TRUE_UQ, _CMP_EQ_OS, _CMP_LT_OQ, _CMP_LE_OQ, _CMP_UNORD_S, _CMP_NEQ_US, _CMP_NLT_UQ,
  _CMP_NLE_UQ, _CMP_ORD_S, _CMP_EQ_US, _CMP_NGE_UQ, _CMP_NGT_UQ, _CMP_FALSE_OS, _CMP_NEQ_OS, _CMP_GE_OQ, _CMP_GT_OQ, _CMP_TRUE_US
};

// ---- 256 bits: halves
#define __J __m256i
#define __Q __m256
#define __E __m256d
__F __I __low_i(__J a) { return __builtin_shufflevector(a, a, 0, 1); }
__F __I __high_i(__J a) { return __builtin_shufflevector(a, a, 2, 3); }
__F __J __join_i(__I a, __I b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3); }
__F __P __low_p(__Q a) { return __builtin_shufflevector(a, a, 0, 1, 2, 3); }
__F __P __high_p(__Q a) { return __builtin_shufflevector(a, a, 4, 5, 6, 7); }
__F __Q __join_p(__P a, __P b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7); }
__F __D __low_d(__E a) { return __builtin_shufflevector(a, a, 0, 1); }
__F __D __high_d(__E a) { return __builtin_shufflevector(a, a, 2, 3); }
__F __E __join_d(__D a, __D b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3); }
#define __BY1(NAME, R, T, r, t) __F R _mm256_##NAME(T a) { return __join_##r(_mm_##NAME(__low_##t(a)), _mm_##NAME(__high_##t(a))); }
#define __BY2(NAME, R, T, t) __F R _mm256_##NAME(R a, T b) { return __join_##t(_mm_##NAME(__low_##t(a), __low_##t(b)), _mm_##NAME(__high_##t(a), __high_##t(b))); }
#define __BY3(NAME, R, t) __F R _mm256_##NAME(R a, R b, R c) { return __join_##t(_mm_##NAME(__low_##t(a), __low_##t(b), __low_##t(c)), _mm_##NAME(__high_##t(a), __high_##t(b), __high_##t(c))); }
#define __BYN(NAME, R, t) __F R _mm256_##NAME(R a, int n) { return __join_##t(_mm_##NAME(__low_##t(a), n), _mm_##NAME(__high_##t(a), n)); }
#define __BY2N(NAME, R, t) __F R _mm256_##NAME(R a, R b, int n) { return __join_##t(_mm_##NAME(__low_##t(a), __low_##t(b), n), _mm_##NAME(__high_##t(a), __high_##t(b), n)); }
#define __INT2(NAME) __BY2(NAME, __J, __J, i)
#define __INTN(NAME) __BYN(NAME, __J, i)
__INT2(add_epi8) __INT2(add_epi16) __INT2(add_epi32) __INT2(add_epi64) __INT2(sub_epi8) __INT2(sub_epi16) __INT2(sub_epi32) __INT2(sub_epi64)
__INT2(adds_epi8) __INT2(adds_epi16) __INT2(adds_epu8) __INT2(adds_epu16) __INT2(subs_epi8) __INT2(subs_epi16) __INT2(subs_epu8) __INT2(subs_epu16)
__INT2(mullo_epi16) __INT2(mullo_epi32) __INT2(mul_epu32) __INT2(mul_epi32) __INT2(mulhi_epi16) __INT2(mulhi_epu16) __INT2(mulhrs_epi16)
__INT2(madd_epi16) __INT2(maddubs_epi16) __INT2(sad_epu8) __INT2(avg_epu8) __INT2(avg_epu16)
__INT2(cmpeq_epi8) __INT2(cmpeq_epi16) __INT2(cmpeq_epi32) __INT2(cmpeq_epi64) __INT2(cmpgt_epi8) __INT2(cmpgt_epi16) __INT2(cmpgt_epi32) __INT2(cmpgt_epi64)
__INT2(max_epi8) __INT2(max_epi16) __INT2(max_epi32) __INT2(max_epu8) __INT2(max_epu16) __INT2(max_epu32)
__INT2(min_epi8) __INT2(min_epi16) __INT2(min_epi32) __INT2(min_epu8) __INT2(min_epu16) __INT2(min_epu32)
__INT2(sign_epi8) __INT2(sign_epi16) __INT2(sign_epi32) __INT2(hadd_epi16) __INT2(hadd_epi32) __INT2(hsub_epi16) __INT2(hsub_epi32) __INT2(hadds_epi16)
__INT2(sllv_epi32) __INT2(sllv_epi64) __INT2(srlv_epi32) __INT2(srlv_epi64) __INT2(srav_epi32) __INT2(shuffle_epi8)
__INT2(unpacklo_epi8) __INT2(unpacklo_epi16) __INT2(unpacklo_epi32) __INT2(unpacklo_epi64) __INT2(unpackhi_epi8) __INT2(unpackhi_epi16) __INT2(unpackhi_epi32) __INT2(unpackhi_epi64)
__INT2(packs_epi16) __INT2(packs_epi32) __INT2(packus_epi16) __INT2(packus_epi32)
__INTN(slli_epi16) __INTN(slli_epi32) __INTN(slli_epi64) __INTN(srli_epi16) __INTN(srli_epi32) __INTN(srli_epi64) __INTN(srai_epi16) __INTN(srai_epi32)
__INTN(shuffle_epi32) __INTN(shufflelo_epi16) __INTN(shufflehi_epi16)
__BY1(abs_epi8, __J, __J, i, i) __BY1(abs_epi16, __J, __J, i, i) __BY1(abs_epi32, __J, __J, i, i)
__BY3(blendv_epi8, __J, i) __BY2N(alignr_epi8, __J, i) __BY2N(blend_epi16, __J, i)
#define __COUNTED(NAME) __F __J _mm256_##NAME(__J a, __I n) { return __join_i(_mm_##NAME(__low_i(a), n), _mm_##NAME(__high_i(a), n)); }
__COUNTED(sll_epi16) __COUNTED(sll_epi32) __COUNTED(sll_epi64) __COUNTED(srl_epi16) __COUNTED(srl_epi32) __COUNTED(srl_epi64) __COUNTED(sra_epi16) __COUNTED(sra_epi32)
#undef __COUNTED
#define __FLOATS(V, t, SUFFIX)                                                                                              \
  __BY2(add_##SUFFIX, V, V, t) __BY2(sub_##SUFFIX, V, V, t) __BY2(mul_##SUFFIX, V, V, t) __BY2(div_##SUFFIX, V, V, t)       \
  __BY2(min_##SUFFIX, V, V, t) __BY2(max_##SUFFIX, V, V, t) __BY2(and_##SUFFIX, V, V, t) __BY2(or_##SUFFIX, V, V, t)        \
  __BY2(xor_##SUFFIX, V, V, t) __BY2(andnot_##SUFFIX, V, V, t) __BY2(hadd_##SUFFIX, V, V, t) __BY2(hsub_##SUFFIX, V, V, t)  \
  __BY2(addsub_##SUFFIX, V, V, t) __BY2(unpacklo_##SUFFIX, V, V, t) __BY2(unpackhi_##SUFFIX, V, V, t)                       \
  __BY1(sqrt_##SUFFIX, V, V, t, t) __BY1(floor_##SUFFIX, V, V, t, t) __BY1(ceil_##SUFFIX, V, V, t, t)                       \
  __BYN(round_##SUFFIX, V, t) __BY2N(cmp_##SUFFIX, V, t) __BY3(blendv_##SUFFIX, V, t) __BY3(fmadd_##SUFFIX, V, t)           \
  __BY3(fmsub_##SUFFIX, V, t) __BY3(fnmadd_##SUFFIX, V, t) __BY3(fnmsub_##SUFFIX, V, t)
__FLOATS(__Q, p, ps) __FLOATS(__E, d, pd)
#undef __FLOATS
__BYN(permute_ps, __Q, p) __BY2N(shuffle_ps, __Q, p) __BY2N(dp_ps, __Q, p) __BY1(rcp_ps, __Q, __Q, p, p) __BY1(rsqrt_ps, __Q, __Q, p, p)
__BY1(movehdup_ps, __Q, __Q, p, p) __BY1(moveldup_ps, __Q, __Q, p, p) __BY1(movedup_pd, __E, __E, d, d)
__BY1(cvtepi32_ps, __Q, __J, p, i) __BY1(cvtps_epi32, __J, __Q, i, p) __BY1(cvttps_epi32, __J, __Q, i, p)

// ---- 256 bits: all else
__F __J _mm256_setzero_si256(void) { return (__J){0, 0, 0, 0}; }
__F __Q _mm256_setzero_ps(void) { return (__Q){0, 0, 0, 0, 0, 0, 0, 0}; }
__F __E _mm256_setzero_pd(void) { return (__E){0, 0, 0, 0}; }
#define _mm256_undefined_si256 _mm256_setzero_si256
#define _mm256_undefined_ps _mm256_setzero_ps
#define _mm256_undefined_pd _mm256_setzero_pd
#define __SET1(NAME, R, T, t) __F R _mm256_##NAME(T a) { return __join_##t(_mm_##NAME(a), _mm_##NAME(a)); }
__SET1(set1_epi8, __J, char, i) __SET1(set1_epi16, __J, short, i) __SET1(set1_epi32, __J, int, i) __SET1(set1_epi64x, __J, long long, i)
__SET1(set1_ps, __Q, float, p) __SET1(set1_pd, __E, double, d)
#undef __SET1
__F __J _mm256_setr_epi8(char a, char b, char c, char d, char e, char f, char g, char h, char i, char j, char k, char l, char m, char n, char o, char p, char a2, char b2, char c2, char d2, char e2, char f2, char g2, char h2, char i2, char j2, char k2, char l2, char m2, char n2, char o2, char p2) {
  return __join_i(_mm_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p), _mm_setr_epi8(a2, b2, c2, d2, e2, f2, g2, h2, i2, j2, k2, l2, m2, n2, o2, p2));
}
__F __J _mm256_set_epi8(char p2, char o2, char n2, char m2, char l2, char k2, char j2, char i2, char h2, char g2, char f2, char e2, char d2, char c2, char b2, char a2, char p, char o, char n, char m, char l, char k, char j, char i, char h, char g, char f, char e, char d, char c, char b, char a) {
  return __join_i(_mm_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p), _mm_setr_epi8(a2, b2, c2, d2, e2, f2, g2, h2, i2, j2, k2, l2, m2, n2, o2, p2));
}
__F __J _mm256_setr_epi16(short a, short b, short c, short d, short e, short f, short g, short h, short i, short j, short k, short l, short m, short n, short o, short p) {
  return __join_i(_mm_setr_epi16(a, b, c, d, e, f, g, h), _mm_setr_epi16(i, j, k, l, m, n, o, p));
}
__F __J _mm256_set_epi16(short p, short o, short n, short m, short l, short k, short j, short i, short h, short g, short f, short e, short d, short c, short b, short a) {
  return _mm256_setr_epi16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
}
__F __J _mm256_setr_epi32(int a, int b, int c, int d, int e, int f, int g, int h) { return __join_i(_mm_setr_epi32(a, b, c, d), _mm_setr_epi32(e, f, g, h)); }
__F __J _mm256_set_epi32(int h, int g, int f, int e, int d, int c, int b, int a) { return _mm256_setr_epi32(a, b, c, d, e, f, g, h); }
__F __J _mm256_setr_epi64x(long long a, long long b, long long c, long long d) { return (__J){a, b, c, d}; }
__F __J _mm256_set_epi64x(long long d, long long c, long long b, long long a) { return (__J){a, b, c, d}; }
__F __Q _mm256_setr_ps(float a, float b, float c, float d, float e, float f, float g, float h) { return (__Q){a, b, c, d, e, f, g, h}; }
__F __Q _mm256_set_ps(float h, float g, float f, float e, float d, float c, float b, float a) { return (__Q){a, b, c, d, e, f, g, h}; }
__F __E _mm256_setr_pd(double a, double b, double c, double d) { return (__E){a, b, c, d}; }
__F __E _mm256_set_pd(double d, double c, double b, double a) { return (__E){a, b, c, d}; }
__F __J _mm256_set_m128i(__I b, __I a) { return __join_i(a, b); }
__F __J _mm256_setr_m128i(__I a, __I b) { return __join_i(a, b); }
__F __Q _mm256_set_m128(__P b, __P a) { return __join_p(a, b); }
__F __E _mm256_set_m128d(__D b, __D a) { return __join_d(a, b); }
__F __J _mm256_load_si256(const __J *p) { return *p; }
__F __J _mm256_loadu_si256(const __m256i_u *p) { return *p; }
#define _mm256_lddqu_si256 _mm256_loadu_si256
#define _mm256_stream_load_si256(p) _mm256_load_si256((const __m256i *)(p))
__F void _mm256_store_si256(__J *p, __J a) { *p = a; }
__F void _mm256_storeu_si256(__m256i_u *p, __J a) { *p = a; }
#define _mm256_stream_si256 _mm256_store_si256
__F __Q _mm256_load_ps(const float *p) { return *(const __Q *)p; }
__F __Q _mm256_loadu_ps(const float *p) { return *(const __m256_u *)p; }
__F __E _mm256_load_pd(const double *p) { return *(const __E *)p; }
__F __E _mm256_loadu_pd(const double *p) { return *(const __m256d_u *)p; }
__F void _mm256_store_ps(float *p, __Q a) { *(__Q *)p = a; }
__F void _mm256_storeu_ps(float *p, __Q a) { *(__m256_u *)p = a; }
__F void _mm256_store_pd(double *p, __E a) { *(__E *)p = a; }
__F void _mm256_storeu_pd(double *p, __E a) { *(__m256d_u *)p = a; }
#define _mm256_stream_ps _mm256_store_ps
#define _mm256_stream_pd _mm256_store_pd
__F __Q _mm256_broadcast_ss(const float *p) { return _mm256_set1_ps(*p); }
__F __E _mm256_broadcast_sd(const double *p) { return _mm256_set1_pd(*p); }
__F __Q _mm256_broadcast_ps(const __P *p) { return __join_p(*p, *p); }
__F __E _mm256_broadcast_pd(const __D *p) { return __join_d(*p, *p); }
__F __Q _mm256_broadcastss_ps(__P a) { return _mm256_set1_ps(a[0]); }
__F __E _mm256_broadcastsd_pd(__D a) { return _mm256_set1_pd(a[0]); }
__F __J _mm256_broadcastb_epi8(__I a) { return _mm256_set1_epi8((char)((__v16qi)a)[0]); }
__F __J _mm256_broadcastw_epi16(__I a) { return _mm256_set1_epi16(((__v8hi)a)[0]); }
__F __J _mm256_broadcastd_epi32(__I a) { return _mm256_set1_epi32(((__v4si)a)[0]); }
__F __J _mm256_broadcastq_epi64(__I a) { return _mm256_set1_epi64x(a[0]); }
__F __J _mm256_broadcastsi128_si256(__I a) { return __join_i(a, a); }
__F __J _mm256_and_si256(__J a, __J b) { return a & b; }
__F __J _mm256_or_si256(__J a, __J b) { return a | b; }
__F __J _mm256_xor_si256(__J a, __J b) { return a ^ b; }
__F __J _mm256_andnot_si256(__J a, __J b) { return ~a & b; }
__F __J _mm256_slli_si256(__J a, int n) { return __join_i(_mm_slli_si128(__low_i(a), n), _mm_slli_si128(__high_i(a), n)); }
__F __J _mm256_srli_si256(__J a, int n) { return __join_i(_mm_srli_si128(__low_i(a), n), _mm_srli_si128(__high_i(a), n)); }
#define _mm256_bslli_epi128 _mm256_slli_si256
#define _mm256_bsrli_epi128 _mm256_srli_si256
__F __J _mm256_blend_epi32(__J a, __J b, int n) { return __join_i(_mm_blend_epi32(__low_i(a), __low_i(b), n & 15), _mm_blend_epi32(__high_i(a), __high_i(b), n >> 4)); }
__F __Q _mm256_blend_ps(__Q a, __Q b, int n) { return (__Q)_mm256_blend_epi32((__J)a, (__J)b, n); }
__F __E _mm256_blend_pd(__E a, __E b, int n) { return __join_d(_mm_blend_pd(__low_d(a), __low_d(b), n), _mm_blend_pd(__high_d(a), __high_d(b), n >> 2)); }
__F __E _mm256_shuffle_pd(__E a, __E b, int n) { return __join_d(_mm_shuffle_pd(__low_d(a), __low_d(b), n), _mm_shuffle_pd(__high_d(a), __high_d(b), n >> 2)); }
__F __E _mm256_permute_pd(__E a, int n) { return _mm256_shuffle_pd(a, a, n); }
__F int _mm256_movemask_epi8(__J a) { return (int)((unsigned)_mm_movemask_epi8(__low_i(a)) | (unsigned)_mm_movemask_epi8(__high_i(a)) << 16); }
__F int _mm256_movemask_ps(__Q a) { return _mm_movemask_ps(__low_p(a)) | _mm_movemask_ps(__high_p(a)) << 4; }
__F int _mm256_movemask_pd(__E a) { return _mm_movemask_pd(__low_d(a)) | _mm_movemask_pd(__high_d(a)) << 2; }
__F int __any_i(__J a) { return __any(__low_i(a) | __high_i(a)); }
__F int _mm256_testz_si256(__J a, __J b) { return !__any_i(a & b); }
__F int _mm256_testc_si256(__J a, __J b) { return !__any_i(~a & b); }
__F int _mm256_testnzc_si256(__J a, __J b) { return __any_i(a & b) && __any_i(~a & b); }
__F int _mm256_testz_ps(__Q a, __Q b) { return _mm256_movemask_ps((__Q)((__J)a & (__J)b)) == 0; }
__F int _mm256_testz_pd(__E a, __E b) { return _mm256_movemask_pd((__E)((__J)a & (__J)b)) == 0; }
__F int _mm256_extract_epi8(__J a, int n) { return _mm_extract_epi8(n & 16 ? __high_i(a) : __low_i(a), n); }
__F int _mm256_extract_epi16(__J a, int n) { return _mm_extract_epi16(n & 8 ? __high_i(a) : __low_i(a), n); }
__F int _mm256_extract_epi32(__J a, int n) { return ((__v8si)a)[n & 7]; }
__F long long _mm256_extract_epi64(__J a, int n) { return a[n & 3]; }
__F __J _mm256_insert_epi32(__J a, int b, int n) { __v8si r = (__v8si)a; r[n & 7] = b; return (__J)r; }
__F __J _mm256_insert_epi64(__J a, long long b, int n) { a[n & 3] = b; return a; }
__F int _mm256_cvtsi256_si32(__J a) { return ((__v8si)a)[0]; }
__F float _mm256_cvtss_f32(__Q a) { return a[0]; }
__F double _mm256_cvtsd_f64(__E a) { return a[0]; }
__F __I _mm256_castsi256_si128(__J a) { return __low_i(a); }
__F __P _mm256_castps256_ps128(__Q a) { return __low_p(a); }
__F __D _mm256_castpd256_pd128(__E a) { return __low_d(a); }
__F __J _mm256_castsi128_si256(__I a) { return __join_i(a, (__I){0, 0}); }
__F __Q _mm256_castps128_ps256(__P a) { return __join_p(a, (__P){0, 0, 0, 0}); }
__F __E _mm256_castpd128_pd256(__D a) { return __join_d(a, (__D){0, 0}); }
#define _mm256_zextsi128_si256 _mm256_castsi128_si256
#define _mm256_zextps128_ps256 _mm256_castps128_ps256
#define _mm256_zextpd128_pd256 _mm256_castpd128_pd256
__F __J _mm256_castps_si256(__Q a) { return (__J)a; }
__F __J _mm256_castpd_si256(__E a) { return (__J)a; }
__F __Q _mm256_castsi256_ps(__J a) { return (__Q)a; }
__F __Q _mm256_castpd_ps(__E a) { return (__Q)a; }
__F __E _mm256_castsi256_pd(__J a) { return (__E)a; }
__F __E _mm256_castps_pd(__Q a) { return (__E)a; }
__F __I _mm256_extracti128_si256(__J a, int n) { return n & 1 ? __high_i(a) : __low_i(a); }
__F __J _mm256_inserti128_si256(__J a, __I b, int n) { return n & 1 ? __join_i(__low_i(a), b) : __join_i(b, __high_i(a)); }
#define _mm256_extractf128_si256 _mm256_extracti128_si256
#define _mm256_insertf128_si256 _mm256_inserti128_si256
__F __P _mm256_extractf128_ps(__Q a, int n) { return n & 1 ? __high_p(a) : __low_p(a); }
__F __D _mm256_extractf128_pd(__E a, int n) { return n & 1 ? __high_d(a) : __low_d(a); }
__F __Q _mm256_insertf128_ps(__Q a, __P b, int n) { return n & 1 ? __join_p(__low_p(a), b) : __join_p(b, __high_p(a)); }
__F __E _mm256_insertf128_pd(__E a, __D b, int n) { return n & 1 ? __join_d(__low_d(a), b) : __join_d(b, __high_d(a)); }
__F __I __half(__J a, __J b, int n) { return n & 8 ? (__I){0, 0} : n & 2 ? (n & 1 ? __high_i(b) : __low_i(b)) : n & 1 ? __high_i(a) : __low_i(a); }
__F __J _mm256_permute2x128_si256(__J a, __J b, int n) { return __join_i(__half(a, b, n), __half(a, b, n >> 4)); }
#define _mm256_permute2f128_si256 _mm256_permute2x128_si256
__F __Q _mm256_permute2f128_ps(__Q a, __Q b, int n) { return (__Q)_mm256_permute2x128_si256((__J)a, (__J)b, n); }
__F __E _mm256_permute2f128_pd(__E a, __E b, int n) { return (__E)_mm256_permute2x128_si256((__J)a, (__J)b, n); }
__F __J _mm256_permute4x64_epi64(__J a, int n) { return (__J){a[n & 3], a[n >> 2 & 3], a[n >> 4 & 3], a[n >> 6 & 3]}; }
__F __E _mm256_permute4x64_pd(__E a, int n) { return (__E){a[n & 3], a[n >> 2 & 3], a[n >> 4 & 3], a[n >> 6 & 3]}; }
__F __J _mm256_permutevar8x32_epi32(__J a, __J at) {
  // Each lane's number becomes those of its four bytes, to be looked up in both halves: what is not there is zero.
  const __v4su four = {0x04040404, 0x04040404, 0x04040404, 0x04040404}, bytes = {0x03020100, 0x03020100, 0x03020100, 0x03020100};
  const __v16qi l = (__v16qi)(((__v4su)__low_i(at) & 7) * four + bytes), h = (__v16qi)(((__v4su)__high_i(at) & 7) * four + bytes);
  const __v16qi x = (__v16qi)__low_i(a), y = (__v16qi)__high_i(a);
  return __join_i((__I)(__builtin_wasm_swizzle_i8x16(x, l) | __builtin_wasm_swizzle_i8x16(y, l - 16)), (__I)(__builtin_wasm_swizzle_i8x16(x, h) | __builtin_wasm_swizzle_i8x16(y, h - 16)));
}
__F __Q _mm256_permutevar8x32_ps(__Q a, __J at) { return (__Q)_mm256_permutevar8x32_epi32((__J)a, at); }
__F __Q _mm256_permutevar_ps(__Q a, __J at) { return __join_p(_mm_permutevar_ps(__low_p(a), __low_i(at)), _mm_permutevar_ps(__high_p(a), __high_i(at))); }
#define __WIDEN2(NAME, BYTES) __F __J _mm256_##NAME(__I a) { return __join_i(_mm_##NAME(a), _mm_##NAME(_mm_srli_si128(a, BYTES))); }
__WIDEN2(cvtepi8_epi16, 8) __WIDEN2(cvtepu8_epi16, 8) __WIDEN2(cvtepi8_epi32, 4) __WIDEN2(cvtepu8_epi32, 4) __WIDEN2(cvtepi8_epi64, 2) __WIDEN2(cvtepu8_epi64, 2)
__WIDEN2(cvtepi16_epi32, 8) __WIDEN2(cvtepu16_epi32, 8) __WIDEN2(cvtepi16_epi64, 4) __WIDEN2(cvtepu16_epi64, 4) __WIDEN2(cvtepi32_epi64, 8) __WIDEN2(cvtepu32_epi64, 8)
#undef __WIDEN2
__F __E _mm256_cvtepi32_pd(__I a) { return __builtin_convertvector((__v4si)a, __E); }
__F __E _mm256_cvtps_pd(__P a) { return __builtin_convertvector(a, __E); }
__F __P _mm256_cvtpd_ps(__E a) { return __builtin_convertvector(a, __P); }
__F __I _mm256_cvttpd_epi32(__E a) { return (__I)(__v4si){__whole_pd(a[0]), __whole_pd(a[1]), __whole_pd(a[2]), __whole_pd(a[3])}; }
__F __I _mm256_cvtpd_epi32(__E a) { return _mm256_cvttpd_epi32(__builtin_elementwise_roundeven(a)); }
__F __J _mm256_i32gather_epi32(const int *p, __J a, int scale) { __v8si r, at = (__v8si)a; for (int i = 0; i < 8; i++) r[i] = *(const int *)((const char *)p + at[i] * scale); return (__J)r; }
__F __Q _mm256_i32gather_ps(const float *p, __J a, int scale) { return (__Q)_mm256_i32gather_epi32((const int *)p, a, scale); }
__F __J _mm256_i32gather_epi64(const long long *p, __I a, int scale) { __J r; const __v4si at = (__v4si)a; for (int i = 0; i < 4; i++) r[i] = *(const long long *)((const char *)p + at[i] * scale); return r; }
__F __E _mm256_i32gather_pd(const double *p, __I a, int scale) { return (__E)_mm256_i32gather_epi64((const long long *)p, a, scale); }
__F __J _mm256_i64gather_epi64(const long long *p, __J at, int scale) { __J r; for (int i = 0; i < 4; i++) r[i] = *(const long long *)((const char *)p + (int)at[i] * scale); return r; }
__F __E _mm256_i64gather_pd(const double *p, __J at, int scale) { return (__E)_mm256_i64gather_epi64((const long long *)p, at, scale); }
__F __J _mm256_maskload_epi32(const int *p, __J mask) { __v8si r = {0}, m = (__v8si)mask; for (int i = 0; i < 8; i++) if (m[i] < 0) r[i] = p[i]; return (__J)r; }
__F void _mm256_maskstore_epi32(int *p, __J mask, __J a) { const __v8si m = (__v8si)mask; for (int i = 0; i < 8; i++) if (m[i] < 0) p[i] = ((__v8si)a)[i]; }
__F __J _mm256_maskload_epi64(const long long *p, __J mask) { __J r = {0}; for (int i = 0; i < 4; i++) if (mask[i] < 0) r[i] = p[i]; return r; }
__F void _mm256_maskstore_epi64(long long *p, __J mask, __J a) { for (int i = 0; i < 4; i++) if (mask[i] < 0) p[i] = a[i]; }
__F __Q _mm256_maskload_ps(const float *p, __J mask) { return (__Q)_mm256_maskload_epi32((const int *)p, mask); }
__F void _mm256_maskstore_ps(float *p, __J mask, __Q a) { _mm256_maskstore_epi32((int *)p, mask, (__J)a); }
__F __E _mm256_maskload_pd(const double *p, __J mask) { return (__E)_mm256_maskload_epi64((const long long *)p, mask); }
__F void _mm256_maskstore_pd(double *p, __J mask, __E a) { _mm256_maskstore_epi64((long long *)p, mask, (__J)a); }

#undef __I
#undef __P
#undef __D
#undef __J
#undef __Q
#undef __E
#undef __OF1
#undef __OF2
#undef __EXTREMES
#undef __SHIFTS
#undef __EVEN8
#undef __ODD8
#undef __WIDE8
#undef __WIDEN
#undef __BY1
#undef __BY2
#undef __BY3
#undef __BYN
#undef __BY2N
#undef __INT2
#undef __INTN
