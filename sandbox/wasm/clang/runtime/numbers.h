// Numbers from and to streams in the "C" locale, for the bases and formats that programs use; all else is left to the
// library's facets, which these extend. The results are the same bit for bit.
#pragma once
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <locale>
#include <streambuf>
#include <string>
#include <type_traits>

namespace dikast {

/** The get area of any stream buffer. */
struct GetArea : std::streambuf {
  static GetArea& of(std::streambuf& buffer) { return static_cast<GetArea&>(buffer); }
  const char* at() const { return gptr(); }
  const char* end() const { return egptr(); }
  void advance(std::ptrdiff_t count) { setg(eback(), gptr() + count, egptr()); }
};

/** Both kinds of buffer iterators consist of the buffer's address; that of an input iterator is null at the end. */
template <class Iterator>
std::streambuf* bufferOf(const Iterator& iterator) {
  static_assert(sizeof(Iterator) == sizeof(std::streambuf*));
  std::streambuf* buffer;
  std::memcpy(&buffer, &iterator, sizeof buffer);
  return buffer;
}

constexpr int END = std::char_traits<char>::eof();
constexpr bool isDigit(int c) { return static_cast<unsigned>(c - '0') < 10; }

constexpr double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                             1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr uint64_t INTEGER_POWERS[] = {1ull,
                                       10ull,
                                       100ull,
                                       1000ull,
                                       10000ull,
                                       100000ull,
                                       1000000ull,
                                       10000000ull,
                                       100000000ull,
                                       1000000000ull,
                                       10000000000ull,
                                       100000000000ull,
                                       1000000000000ull,
                                       10000000000000ull,
                                       100000000000000ull,
                                       1000000000000000ull,
                                       10000000000000000ull,
                                       100000000000000000ull,
                                       1000000000000000000ull};

class NumberReader final : public std::num_get<char> {
 protected:
  using Base = std::num_get<char>;
  using State = std::ios_base::iostate;

  iter_type do_get(iter_type from, iter_type to, std::ios_base& stream, State& state, long& value) const override {
    return integer(from, to, stream, state, value);
  }
  iter_type do_get(iter_type from, iter_type to, std::ios_base& stream, State& state, long long& value) const override {
    return integer(from, to, stream, state, value);
  }
  iter_type do_get(iter_type from, iter_type to, std::ios_base& stream, State& state,
                   unsigned short& value) const override {
    return integer(from, to, stream, state, value);
  }
  iter_type do_get(iter_type from, iter_type to, std::ios_base& stream, State& state,
                   unsigned int& value) const override {
    return integer(from, to, stream, state, value);
  }
  iter_type do_get(iter_type from, iter_type to, std::ios_base& stream, State& state,
                   unsigned long& value) const override {
    return integer(from, to, stream, state, value);
  }
  iter_type do_get(iter_type from, iter_type to, std::ios_base& stream, State& state,
                   unsigned long long& value) const override {
    return integer(from, to, stream, state, value);
  }
  iter_type do_get(iter_type from, iter_type, std::ios_base&, State& state, float& value) const override {
    return real(from, state, value);
  }
  iter_type do_get(iter_type from, iter_type, std::ios_base&, State& state, double& value) const override {
    return real(from, state, value);
  }
  iter_type do_get(iter_type from, iter_type, std::ios_base&, State& state, long double& value) const override {
    return real(from, state, value);
  }
  // `bool`, which uses the facet's integers, and pointers.
  using Base::do_get;

 private:
  template <class Integer>
  iter_type integer(iter_type from, iter_type to, std::ios_base& stream, State& state, Integer& value) const {
    std::streambuf* buffer = bufferOf(from);
    if ((stream.flags() & std::ios_base::basefield) != std::ios_base::dec || !buffer) {
      return Base::do_get(from, to, stream, state, value);
    }
    using Unsigned = std::make_unsigned_t<Integer>;
    using Wide = std::conditional_t<sizeof(Unsigned) == 8, uint64_t, uint32_t>;
    int c = buffer->sgetc();
    const bool negative = c == '-';
    if (negative || c == '+') c = buffer->snextc();
    Wide total = 0;
    bool any = false, over = false;
    GetArea& area = GetArea::of(*buffer);
    while (isDigit(c)) {
      any = true;
      const char* const start = area.at();
      const char* const end = area.end();
      const char* at = start;
      while (at != end && isDigit(static_cast<unsigned char>(*at))) over |= !append(total, *at++ - '0');
      if (at == start) {
        // A buffer without a get area hands out characters one by one.
        over |= !append(total, c - '0');
        c = buffer->snextc();
      } else {
        area.advance(at - start);
        c = buffer->sgetc();
      }
    }
    if (c == END) state |= std::ios_base::eofbit;
    if (!any) {
      value = 0;
      state |= std::ios_base::failbit;
    } else if (std::is_signed_v<Integer>) {
      const Wide most = static_cast<Wide>(std::numeric_limits<Integer>::max()) + negative;
      if (over || total > most) {
        value = negative ? std::numeric_limits<Integer>::min() : std::numeric_limits<Integer>::max();
        state |= std::ios_base::failbit;
      } else {
        value = static_cast<Integer>(negative ? Wide(0) - total : total);
      }
    } else if (over || total > std::numeric_limits<Unsigned>::max()) {
      value = std::numeric_limits<Integer>::max();
      state |= std::ios_base::failbit;
    } else {
      value = static_cast<Integer>(negative ? Wide(0) - total : total);
    }
    return c == END ? iter_type() : from;
  }

  template <class Wide>
  static bool append(Wide& total, unsigned digit) {
    constexpr Wide most = std::numeric_limits<Wide>::max();
    if (total > most / 10 || (total == most / 10 && digit > most % 10)) [[unlikely]] return false;
    total = total * 10 + digit;
    return true;
  }

  /** Characters of a number that is not short. */
  struct Text {
    char few[128];
    std::string many;
    size_t length = 0;
    void add(int c) {
      if (length < sizeof few - 1) {
        few[length] = static_cast<char>(c);
      } else {
        if (length == sizeof few - 1) many.assign(few, length);
        many.push_back(static_cast<char>(c));
      }
      length++;
    }
    const char* string() {
      if (length >= sizeof few) return many.c_str();
      few[length] = 0;
      return few;
    }
  };

  /** `[+-] digits [. digits] [e [+-] digits]`, as GCC's library reads it. */
  template <class Real>
  iter_type real(iter_type from, State& state, Real& value) const {
    std::streambuf* buffer = bufferOf(from);
    if (!buffer) {
      value = 0;
      state |= std::ios_base::eofbit | std::ios_base::failbit;
      return from;
    }
    Text text;
    int c = buffer->sgetc();
    const auto next = [&] {
      text.add(c);
      c = buffer->snextc();
    };
    const bool negative = c == '-';
    if (negative || c == '+') next();
    uint64_t mantissa = 0;
    int scale = 0, digits = 0;
    bool any = false;
    const auto takeDigits = [&](int step) {
      for (; isDigit(c); next()) {
        any = true;
        scale += step;
        if (digits == 0 && c == '0') continue;
        if (digits++ < 19) mantissa = mantissa * 10 + (c - '0');
      }
    };
    takeDigits(0);
    if (c == '.') {
      next();
      takeDigits(-1);
    }
    bool plain = digits <= 19;
    if (any && (c == 'e' || c == 'E')) {
      plain = false;
      next();
      if (c == '-' || c == '+') next();
      any = isDigit(c);
      while (isDigit(c)) next();
    }
    if (c == END) state |= std::ios_base::eofbit;
    if (!any) {
      value = 0;
      state |= std::ios_base::failbit;
    } else if (!plain || !shortReal(mantissa, -scale, negative, value)) {
      parse(text.string(), state, value);
    }
    return c == END ? iter_type() : from;
  }

  /** Exact where both the digits and the power of ten are exact: one correctly rounded division. */
  template <class Real>
  static bool shortReal(uint64_t mantissa, int decimals, bool negative, Real& value) {
    if constexpr (std::is_same_v<Real, long double>) {
      return false;
    } else {
      constexpr bool single = std::is_same_v<Real, float>;
      if (mantissa >> (single ? 24 : 53) != 0 || decimals > (single ? 10 : 22)) return false;
      const Real whole = static_cast<Real>(mantissa);
      const Real magnitude = decimals == 0 ? whole : whole / static_cast<Real>(POWERS[decimals]);
      value = negative ? -magnitude : magnitude;
      return true;
    }
  }

  template <class Real>
  static void parse(const char* text, State& state, Real& value) {
    const int before = errno;
    errno = 0;
    if constexpr (std::is_same_v<Real, float>) {
      value = std::strtof(text, nullptr);
    } else if constexpr (std::is_same_v<Real, double>) {
      value = std::strtod(text, nullptr);
    } else {
      value = std::strtold(text, nullptr);
    }
    if (errno == ERANGE && std::isinf(value)) {
      value = value < 0 ? -std::numeric_limits<Real>::max() : std::numeric_limits<Real>::max();
      state |= std::ios_base::failbit;
    }
    errno = before;
  }
};

/** Digits before `end`; returns where they begin. */
inline char* digitsBefore(char* end, uint64_t value) {
  while (value >= 10) {
    *--end = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  *--end = static_cast<char>('0' + value);
  return end;
}

/**
 * |value| times 10^decimals, correctly rounded (half to even) as printf does; false where it does not fit.
 * `decimals` ≤ 18.
 */
inline bool scaled(double value, int decimals, uint64_t& result) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const int biased = static_cast<int>(bits >> 52 & 0x7ff);
  if (biased == 0x7ff) return false;
  uint64_t mantissa = bits & ((1ull << 52) - 1);
  if (biased != 0) mantissa |= 1ull << 52;
  const int exponent = (biased == 0 ? 1 : biased) - 1075;
  // Below 2^53 · 10^18 < 2^113.
  unsigned __int128 product = static_cast<unsigned __int128>(mantissa) * INTEGER_POWERS[decimals];
  if (exponent >= 0) {
    if (exponent > 10) return false;
    product <<= exponent;
  } else if (-exponent >= 127) {
    // Less than half of the last place.
    product = 0;
  } else {
    const int shift = -exponent;
    const unsigned __int128 half = static_cast<unsigned __int128>(1) << (shift - 1);
    const unsigned __int128 rest = product & ((half << 1) - 1);
    product >>= shift;
    if (rest > half || (rest == half && (product & 1))) product++;
  }
  if (product >> 63) return false;
  result = static_cast<uint64_t>(product);
  return true;
}

class NumberWriter final : public std::num_put<char> {
 protected:
  using Base = std::num_put<char>;
  using Flags = std::ios_base;

  iter_type do_put(iter_type to, std::ios_base& stream, char fill, long value) const override {
    return integer(to, stream, fill, value);
  }
  iter_type do_put(iter_type to, std::ios_base& stream, char fill, long long value) const override {
    return integer(to, stream, fill, value);
  }
  iter_type do_put(iter_type to, std::ios_base& stream, char fill, unsigned long value) const override {
    return integer(to, stream, fill, value);
  }
  iter_type do_put(iter_type to, std::ios_base& stream, char fill, unsigned long long value) const override {
    return integer(to, stream, fill, value);
  }
  iter_type do_put(iter_type to, std::ios_base& stream, char fill, double value) const override {
    char text[64];
    char* const end = text + sizeof text;
    char* start = real(end, stream, value);
    return start ? pad(to, stream, fill, start, end, std::signbit(value)) : Base::do_put(to, stream, fill, value);
  }
  using Base::do_put;

 private:
  template <class Integer>
  iter_type integer(iter_type to, std::ios_base& stream, char fill, Integer value) const {
    const auto base = stream.flags() & Flags::basefield;
    if ((base != Flags::dec && base != Flags::fmtflags(0)) || (stream.flags() & Flags::showpos)) {
      return Base::do_put(to, stream, fill, value);
    }
    const bool negative = value < 0;
    char text[24];
    char* const end = text + sizeof text;
    const auto bits = static_cast<uint64_t>(value);
    char* start = digitsBefore(end, negative ? 0 - bits : bits);
    if (negative) *--start = '-';
    return pad(to, stream, fill, start, end, negative);
  }

  static iter_type pad(iter_type to, std::ios_base& stream, char fill, const char* start, const char* end,
                       bool negative) {
    std::streambuf* buffer = bufferOf(to);
    if (!buffer) return to;
    const std::streamsize width = stream.width(0);
    const std::streamsize length = end - start;
    if (width <= length) return buffer->sputn(start, length) == length ? to : iter_type(nullptr);
    const auto adjust = stream.flags() & Flags::adjustfield;
    const std::streamsize before =
        adjust == Flags::left ? length : adjust == Flags::internal ? static_cast<std::streamsize>(negative) : 0;
    if (buffer->sputn(start, before) != before) return iter_type(nullptr);
    for (std::streamsize i = length; i < width; i++) {
      if (std::char_traits<char>::eq_int_type(buffer->sputc(fill), END)) return iter_type(nullptr);
    }
    return buffer->sputn(start + before, length - before) == length - before ? to : iter_type(nullptr);
  }

  /** Writes before `end` in `%.*f` or `%.*g`; null where the library has to. */
  static char* real(char* end, std::ios_base& stream, double value) {
    const auto flags = stream.flags();
    const auto format = flags & Flags::floatfield;
    const std::streamsize precision = stream.precision();
    if (flags & (Flags::showpos | Flags::showpoint | Flags::uppercase)) return nullptr;
    if (format == Flags::fixed) return precision < 0 || precision > 18 ? nullptr : fixed(end, value, precision);
    if (format != Flags::fmtflags(0)) return nullptr;
    return precision < 0 || precision > 17 ? nullptr : general(end, value, precision == 0 ? 1 : precision);
  }

  static char* fixed(char* end, double value, int decimals) {
    uint64_t digits;
    if (!scaled(value, decimals, digits)) return nullptr;
    char* start = end;
    if (decimals > 0) {
      const uint64_t unit = INTEGER_POWERS[decimals];
      start = digitsBefore(end, digits % unit);
      while (end - start < decimals) *--start = '0';
      *--start = '.';
      digits /= unit;
    }
    start = digitsBefore(start, digits);
    if (std::signbit(value)) *--start = '-';
    return start;
  }

  /** `precision` significant digits without trailing zeros, where that needs no exponent. */
  static char* general(char* end, double value, int precision) {
    const double magnitude = std::fabs(value);
    if (magnitude == 0) {
      *--end = '0';
      if (std::signbit(value)) *--end = '-';
      return end;
    }
    if (!(magnitude >= 1e-4) || !(magnitude < 1e17)) return nullptr;
    int exponent = 0;
    if (magnitude >= 1) {
      while (exponent < 17 && magnitude >= POWERS[exponent + 1]) exponent++;
    } else {
      exponent = magnitude >= 0.1 ? -1 : magnitude >= 0.01 ? -2 : magnitude >= 0.001 ? -3 : -4;
    }
    if (exponent >= precision) return nullptr;
    int decimals = precision - 1 - exponent;
    if (decimals > 18) return nullptr;
    uint64_t digits;
    if (!scaled(value, decimals, digits)) return nullptr;
    if (digits >= INTEGER_POWERS[precision]) {
      // Rounded up to the next power of ten.
      if (++exponent >= precision) return nullptr;
      decimals--;
      digits /= 10;
    }
    while (decimals > 0 && digits % 10 == 0) {
      digits /= 10;
      decimals--;
    }
    char* start = end;
    if (decimals > 0) {
      const uint64_t unit = INTEGER_POWERS[decimals];
      start = digitsBefore(end, digits % unit);
      while (end - start < decimals) *--start = '0';
      *--start = '.';
      digits /= unit;
    }
    start = digitsBefore(start, digits);
    if (std::signbit(value)) *--start = '-';
    return start;
  }
};

}  // namespace dikast
