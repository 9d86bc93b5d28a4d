// Views of C++23 that GCC has and this libc++ lacks: enumerate, chunk, slide, stride, cartesian_product. They are forward ranges
// (the first is whatever its base is), sized where their base is.
#pragma once
#include <concepts>
#include <iterator>
#include <ranges>
#include <tuple>
#include <utility>

#if __cplusplus > 202002L
_LIBCPP_BEGIN_NAMESPACE_STD
namespace ranges {

// What three of them share: `Step` tells what the iterator points at, and where the next one begins.
template <class Base, template <class> class Step>
class __stepping_iterator {
  using __place = iterator_t<Base>;
  [[no_unique_address]] Step<Base> __step_{};
  __place __at_{};
  sentinel_t<Base> __end_{};
  range_difference_t<Base> __n_ = 0;

public:
  using iterator_concept = forward_iterator_tag;
  using iterator_category = input_iterator_tag;
  using difference_type = range_difference_t<Base>;
  using value_type = typename Step<Base>::value_type;

  __stepping_iterator() = default;
  constexpr __stepping_iterator(Base& __base, difference_type __n) : __at_(ranges::begin(__base)), __end_(ranges::end(__base)), __n_(__n) {
    __step_.__begin(__at_, __end_, __n_);
  }
  constexpr decltype(auto) operator*() const { return __step_.__get(__at_, __end_, __n_); }
  constexpr __stepping_iterator& operator++() {
    __step_.__next(__at_, __end_, __n_);
    return *this;
  }
  constexpr __stepping_iterator operator++(int) {
    auto __before = *this;
    ++*this;
    return __before;
  }
  friend constexpr bool operator==(const __stepping_iterator& __a, const __stepping_iterator& __b) { return __a.__at_ == __b.__at_; }
  friend constexpr bool operator==(const __stepping_iterator& __a, default_sentinel_t) { return __a.__step_.__done(__a.__at_, __a.__end_); }
};

template <class Base>
struct __chunk_step {
  using value_type = subrange<iterator_t<Base>>;
  constexpr void __begin(auto&, const auto&, auto) {}
  constexpr value_type __get(const auto& __at, const auto& __end, auto __n) const { return {__at, ranges::next(__at, __n, __end)}; }
  constexpr void __next(auto& __at, const auto& __end, auto __n) { ranges::advance(__at, __n, __end); }
  constexpr bool __done(const auto& __at, const auto& __end) const { return __at == __end; }
  static constexpr auto __size(auto __size, auto __n) { return (__size + __n - 1) / __n; }
};
template <class Base>
struct __stride_step {
  using value_type = range_value_t<Base>;
  constexpr void __begin(auto&, const auto&, auto) {}
  constexpr decltype(auto) __get(const auto& __at, const auto&, auto) const { return *__at; }
  constexpr void __next(auto& __at, const auto& __end, auto __n) { ranges::advance(__at, __n, __end); }
  constexpr bool __done(const auto& __at, const auto& __end) const { return __at == __end; }
  static constexpr auto __size(auto __size, auto __n) { return (__size + __n - 1) / __n; }
};
template <class Base>
struct __slide_step {
  using value_type = subrange<iterator_t<Base>>;
  iterator_t<Base> __last_{};
  constexpr void __begin(auto& __at, const auto& __end, auto __n) { __last_ = ranges::next(__at, __n - 1, __end); }
  constexpr value_type __get(const auto& __at, const auto&, auto) const { return {__at, ranges::next(__last_)}; }
  constexpr void __next(auto& __at, const auto&, auto) { ++__at, ++__last_; }
  constexpr bool __done(const auto&, const auto& __end) const { return __last_ == __end; }
  static constexpr auto __size(auto __size, auto __n) { return __size < __n ? 0 : __size - __n + 1; }
};

template <forward_range V, template <class> class Step>
  requires view<V>
class __stepping_view : public view_interface<__stepping_view<V, Step>> {
  V __base_;
  range_difference_t<V> __n_;

public:
  constexpr __stepping_view(V __base, range_difference_t<V> __n) : __base_(std::move(__base)), __n_(__n) {}
  constexpr auto begin() { return __stepping_iterator<V, Step>(__base_, __n_); }
  constexpr auto begin() const
    requires forward_range<const V>
  {
    return __stepping_iterator<const V, Step>(__base_, __n_);
  }
  constexpr default_sentinel_t end() const noexcept { return default_sentinel; }
  constexpr auto size() const
    requires sized_range<const V>
  {
    return static_cast<size_t>(Step<V>::__size(static_cast<range_difference_t<V>>(ranges::size(__base_)), __n_));
  }
};

template <class... Vs>
class cartesian_product_view : public view_interface<cartesian_product_view<Vs...>> {
  tuple<Vs...> __bases_;

  template <bool Const>
  class __iterator {
    template <class V>
    using __of = conditional_t<Const, const V, V>;
    tuple<iterator_t<__of<Vs>>...> __begin_{}, __at_{};
    tuple<sentinel_t<__of<Vs>>...> __end_{};
    bool __done_ = true;

    template <size_t I = sizeof...(Vs) - 1>
    constexpr void __advance() {
      if (++std::get<I>(__at_) != std::get<I>(__end_)) return;
      if constexpr (I == 0) __done_ = true;
      else {
        std::get<I>(__at_) = std::get<I>(__begin_);
        __advance<I - 1>();
      }
    }

  public:
    using iterator_concept = forward_iterator_tag;
    using iterator_category = input_iterator_tag;
    using difference_type = ptrdiff_t;
    using value_type = tuple<range_value_t<Vs>...>;

    __iterator() = default;
    constexpr explicit __iterator(conditional_t<Const, const tuple<Vs...>, tuple<Vs...>>& __bases) {
      std::apply(
          [&](auto&... __each) {
            __begin_ = __at_ = {ranges::begin(__each)...};
            __end_ = {ranges::end(__each)...};
            __done_ = (... || (ranges::begin(__each) == ranges::end(__each)));
          },
          __bases);
    }
    constexpr auto operator*() const {
      return std::apply([](const auto&... __each) { return tuple<range_reference_t<__of<Vs>>...>(*__each...); }, __at_);
    }
    constexpr __iterator& operator++() {
      __advance();
      return *this;
    }
    constexpr __iterator operator++(int) {
      auto __before = *this;
      ++*this;
      return __before;
    }
    friend constexpr bool operator==(const __iterator& __a, const __iterator& __b) { return __a.__done_ == __b.__done_ && (__a.__done_ || __a.__at_ == __b.__at_); }
    friend constexpr bool operator==(const __iterator& __a, default_sentinel_t) { return __a.__done_; }
  };

public:
  constexpr explicit cartesian_product_view(Vs... __bases) : __bases_(std::move(__bases)...) {}
  constexpr auto begin() { return __iterator<false>(__bases_); }
  constexpr auto begin() const
    requires(... && forward_range<const Vs>)
  {
    return __iterator<true>(__bases_);
  }
  constexpr default_sentinel_t end() const noexcept { return default_sentinel; }
  constexpr size_t size() const
    requires(... && sized_range<const Vs>)
  {
    return std::apply([](const auto&... __each) { return (size_t(1) * ... * size_t(ranges::size(__each))); }, __bases_);
  }
};

namespace views {
struct __enumerate : range_adaptor_closure<__enumerate> {
  template <viewable_range R>
  constexpr auto operator()(R&& __r) const {
    using __index = range_difference_t<R>;
    if constexpr (sized_range<R>) {
      const auto __size = static_cast<__index>(ranges::size(__r));
      return views::zip(views::iota(__index(0), __size), std::forward<R>(__r));
    } else return views::zip(views::iota(__index(0)), std::forward<R>(__r));
  }
};
template <template <class> class Step>
struct __stepping {
  template <viewable_range R>
  constexpr auto operator()(R&& __r, range_difference_t<R> __n) const { return __stepping_view<all_t<R>, Step>(views::all(std::forward<R>(__r)), __n); }
  template <class N>
  struct __closure : range_adaptor_closure<__closure<N>> {
    N __n;
    constexpr explicit __closure(N __count) : __n(__count) {}
    template <viewable_range R>
    constexpr auto operator()(R&& __r) const { return __stepping()(std::forward<R>(__r), static_cast<range_difference_t<R>>(__n)); }
  };
  template <integral N>
  constexpr auto operator()(N __n) const { return __closure<N>(__n); }
};
struct __cartesian_product {
  template <viewable_range... Rs>
  constexpr auto operator()(Rs&&... __rs) const { return cartesian_product_view<all_t<Rs>...>(views::all(std::forward<Rs>(__rs))...); }
};
inline namespace __cpo {
inline constexpr __enumerate enumerate{};
inline constexpr __stepping<__chunk_step> chunk{};
inline constexpr __stepping<__slide_step> slide{};
inline constexpr __stepping<__stride_step> stride{};
inline constexpr __cartesian_product cartesian_product{};
}
}
}
_LIBCPP_END_NAMESPACE_STD
#endif
