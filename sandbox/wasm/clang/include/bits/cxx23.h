// More of C++23 that GCC has and this libc++ lacks: folds from the right and without a start, shifts of ranges, views::as_const,
// move_only_function.
#pragma once
#include <algorithm>
#include <concepts>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

#if __cplusplus > 202002L
_LIBCPP_BEGIN_NAMESPACE_STD
namespace ranges {
struct __fold_left_first {
  template <input_iterator _Iter, sentinel_for<_Iter> _Sent, class _Fn>
  constexpr auto operator()(_Iter __at, _Sent __end, _Fn __fn) const {
    using _Up = decltype(ranges::fold_left(std::move(__at), __end, iter_value_t<_Iter>(*__at), __fn));
    if (__at == __end) return optional<_Up>();
    iter_value_t<_Iter> __first(*__at);
    return optional<_Up>(ranges::fold_left(++__at, __end, std::move(__first), std::ref(__fn)));
  }
  template <input_range _Range, class _Fn>
  constexpr auto operator()(_Range&& __r, _Fn __fn) const { return (*this)(ranges::begin(__r), ranges::end(__r), std::move(__fn)); }
};
struct __fold_right {
  template <bidirectional_iterator _Iter, sentinel_for<_Iter> _Sent, class _Tp, class _Fn>
  constexpr auto operator()(_Iter __first, _Sent __end, _Tp __start, _Fn __fn) const {
    using _Up = decay_t<invoke_result_t<_Fn&, iter_reference_t<_Iter>, _Tp>>;
    _Iter __at = ranges::next(__first, __end);
    if (__at == __first) return _Up(std::move(__start));
    _Up __sum = std::invoke(__fn, *--__at, std::move(__start));
    while (__at != __first) __sum = std::invoke(__fn, *--__at, std::move(__sum));
    return __sum;
  }
  template <bidirectional_range _Range, class _Tp, class _Fn>
  constexpr auto operator()(_Range&& __r, _Tp __start, _Fn __fn) const {
    return (*this)(ranges::begin(__r), ranges::end(__r), std::move(__start), std::move(__fn));
  }
};
struct __fold_right_last {
  template <bidirectional_iterator _Iter, sentinel_for<_Iter> _Sent, class _Fn>
  constexpr auto operator()(_Iter __first, _Sent __end, _Fn __fn) const {
    using _Up = decltype(__fold_right()(__first, __end, iter_value_t<_Iter>(*__first), __fn));
    if (__first == __end) return optional<_Up>();
    _Iter __last = ranges::prev(ranges::next(__first, __end));
    return optional<_Up>(__fold_right()(__first, __last, iter_value_t<_Iter>(*__last), std::ref(__fn)));
  }
  template <bidirectional_range _Range, class _Fn>
  constexpr auto operator()(_Range&& __r, _Fn __fn) const { return (*this)(ranges::begin(__r), ranges::end(__r), std::move(__fn)); }
};
struct __shift_left {
  template <permutable _Iter, sentinel_for<_Iter> _Sent>
  constexpr subrange<_Iter> operator()(_Iter __first, _Sent __end, iter_difference_t<_Iter> __n) const {
    _Iter __from = __first;
    if (__n > 0 && ranges::advance(__from, __n, __end) != 0) return {__first, __first};
    if (__n <= 0) return {__first, ranges::next(__first, __end)};
    return {__first, ranges::move(std::move(__from), __end, __first).out};
  }
  template <forward_range _Range>
    requires permutable<iterator_t<_Range>>
  constexpr borrowed_subrange_t<_Range> operator()(_Range&& __r, range_difference_t<_Range> __n) const {
    return (*this)(ranges::begin(__r), ranges::end(__r), __n);
  }
};
struct __shift_right {
  template <permutable _Iter, sentinel_for<_Iter> _Sent>
  constexpr subrange<_Iter> operator()(_Iter __first, _Sent __end, iter_difference_t<_Iter> __n) const {
    _Iter __last = ranges::next(__first, __end);
    const auto __size = ranges::distance(__first, __last);
    if (__n <= 0) return {__first, __last};
    if (__n >= __size) return {__last, __last};
    // The first elements go round through the rest, which is what the standard asks of forward iterators, too.
    return {ranges::rotate(__first, ranges::next(__first, __size - __n), __last).begin(), __last};
  }
  template <forward_range _Range>
    requires permutable<iterator_t<_Range>>
  constexpr borrowed_subrange_t<_Range> operator()(_Range&& __r, range_difference_t<_Range> __n) const {
    return (*this)(ranges::begin(__r), ranges::end(__r), __n);
  }
};
inline namespace __cpo {
inline constexpr __fold_left_first fold_left_first{};
inline constexpr __fold_right fold_right{};
inline constexpr __fold_right_last fold_right_last{};
inline constexpr __shift_left shift_left{};
inline constexpr __shift_right shift_right{};
}  // namespace __cpo

namespace views {
struct __as_const : range_adaptor_closure<__as_const> {
  template <viewable_range _Range>
  constexpr auto operator()(_Range&& __r) const {
    using _Ref = range_reference_t<_Range>;
    if constexpr (!is_reference_v<_Ref> || is_const_v<remove_reference_t<_Ref>>) return views::all(std::forward<_Range>(__r));
    else if constexpr (is_lvalue_reference_v<_Range> && !view<remove_cvref_t<_Range>>) return ref_view(std::as_const(__r));
    else return views::transform(std::forward<_Range>(__r), []<class _Tp>(_Tp&& __x) -> const remove_reference_t<_Tp>& { return __x; });
  }
};
inline namespace __cpo {
inline constexpr __as_const as_const{};
}
}  // namespace views
}  // namespace ranges

template <class _Ret, class... _Args>
struct __callable_base {
  virtual ~__callable_base() = default;
  virtual _Ret __call(_Args&&... __args) = 0;
};
template <class _Fn, class _Call, class _Ret, class... _Args>
struct __callable final : __callable_base<_Ret, _Args...> {
  _Fn __fn_;
  template <class... _Init>
  explicit __callable(_Init&&... __init) : __fn_(std::forward<_Init>(__init)...) {}
  _Ret __call(_Args&&... __args) override { return std::invoke_r<_Ret>(static_cast<_Call>(__fn_), std::forward<_Args>(__args)...); }
};

template <class... _Signature>
class move_only_function;
// _Call: as what the function is called; const, &, && and noexcept as in the signature.
#define _DIKAST_MOVE_ONLY_FUNCTION(_QUALIFIERS, _CALL)                                                                          \
  template <class _Ret, class... _Args, bool _Noexcept>                                                                         \
  class move_only_function<_Ret(_Args...) _QUALIFIERS noexcept(_Noexcept)> {                                                    \
    unique_ptr<__callable_base<_Ret, _Args...>> __held_;                                                                        \
    template <class _Fn>                                                                                                        \
    static constexpr bool __fits =                                                                                              \
        _Noexcept ? is_nothrow_invocable_r_v<_Ret, _Fn _CALL, _Args...> : is_invocable_r_v<_Ret, _Fn _CALL, _Args...>;          \
    template <class _Fn, class... _Init>                                                                                        \
    void __hold(_Init&&... __init) {                                                                                            \
      __held_.reset(new __callable<_Fn, _Fn _CALL, _Ret, _Args...>(std::forward<_Init>(__init)...));                            \
    }                                                                                                                           \
                                                                                                                                \
  public:                                                                                                                       \
    using result_type = _Ret;                                                                                                   \
    move_only_function() noexcept = default;                                                                                    \
    move_only_function(nullptr_t) noexcept {}                                                                                   \
    move_only_function(move_only_function&&) noexcept = default;                                                                \
    move_only_function& operator=(move_only_function&&) noexcept = default;                                                     \
    template <class _Fn>                                                                                                        \
      requires(!same_as<remove_cvref_t<_Fn>, move_only_function> && __fits<decay_t<_Fn>>)                                       \
    move_only_function(_Fn&& __fn) {                                                                                            \
      if constexpr (is_pointer_v<decay_t<_Fn>> || is_member_pointer_v<decay_t<_Fn>>) {                                          \
        if (__fn == nullptr) return;                                                                                            \
      }                                                                                                                         \
      __hold<decay_t<_Fn>>(std::forward<_Fn>(__fn));                                                                            \
    }                                                                                                                           \
    template <class _Fn, class... _Init>                                                                                        \
      requires __fits<_Fn>                                                                                                      \
    explicit move_only_function(in_place_type_t<_Fn>, _Init&&... __init) {                                                      \
      __hold<_Fn>(std::forward<_Init>(__init)...);                                                                              \
    }                                                                                                                           \
    template <class _Fn>                                                                                                        \
      requires(!same_as<remove_cvref_t<_Fn>, move_only_function> && __fits<decay_t<_Fn>>)                                       \
    move_only_function& operator=(_Fn&& __fn) {                                                                                 \
      return *this = move_only_function(std::forward<_Fn>(__fn));                                                               \
    }                                                                                                                           \
    move_only_function& operator=(nullptr_t) noexcept {                                                                         \
      __held_ = nullptr;                                                                                                        \
      return *this;                                                                                                             \
    }                                                                                                                           \
    _Ret operator()(_Args... __args) _QUALIFIERS noexcept(_Noexcept) { return __held_->__call(std::forward<_Args>(__args)...); } \
    explicit operator bool() const noexcept { return __held_ != nullptr; }                                                      \
    void swap(move_only_function& __other) noexcept { __held_.swap(__other.__held_); }                                          \
    friend void swap(move_only_function& __a, move_only_function& __b) noexcept { __a.swap(__b); }                              \
    friend bool operator==(const move_only_function& __f, nullptr_t) noexcept { return !__f; }                                  \
  };
_DIKAST_MOVE_ONLY_FUNCTION(, &)
_DIKAST_MOVE_ONLY_FUNCTION(&, &)
_DIKAST_MOVE_ONLY_FUNCTION(&&, &&)
_DIKAST_MOVE_ONLY_FUNCTION(const, const&)
_DIKAST_MOVE_ONLY_FUNCTION(const&, const&)
_DIKAST_MOVE_ONLY_FUNCTION(const&&, const&&)
#undef _DIKAST_MOVE_ONLY_FUNCTION
_LIBCPP_END_NAMESPACE_STD
#endif
