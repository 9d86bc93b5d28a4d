// The part of GCC's policy-based data structures in common use in contests: ordered sets and maps with order statistics
// (`find_by_order`, `order_of_key`), hash tables, and priority queues without handles. Not the node types, other tags, or
// `split`/`join`.
#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace __gnu_pbds {

struct null_type {};
using null_mapped_type = null_type;
struct rb_tree_tag {};
struct splay_tree_tag {};
struct ov_tree_tag {};
template <class...>
struct tree_order_statistics_node_update {};
template <class...>
struct null_node_update {};

namespace detail {

template <class Key, class Mapped>
struct Entry {
  using type = std::pair<const Key, Mapped>;
  static const Key& key(const type& value) { return value.first; }
};
template <class Key>
struct Entry<Key, null_type> {
  using type = const Key;
  static const Key& key(const type& value) { return value; }
};

// A treap whose nodes know the sizes of their subtrees. The end is a null node.
template <class Key, class Mapped, class Compare>
class Tree {
  using Traits = Entry<Key, Mapped>;

  struct Node {
    typename Traits::type value;
    Node *left = nullptr, *right = nullptr, *parent = nullptr;
    uint32_t priority;
    size_t size = 1;
    template <class... Args>
    explicit Node(uint32_t priority, Args&&... args) : value(std::forward<Args>(args)...), priority(priority) {}
  };

  Node* root = nullptr;
  uint32_t random = 0x9e3779b9;
  Compare before;

  static size_t sizeOf(const Node* node) { return node ? node->size : 0; }
  static const Key& keyOf(const Node* node) { return Traits::key(node->value); }

  uint32_t nextRandom() {
    random ^= random << 13;
    random ^= random >> 17;
    return random ^= random << 5;
  }

  static void attach(Node* parent, Node*& place, Node* child) {
    place = child;
    if (child) child->parent = parent;
  }

  void replace(Node* old, Node* by) {
    Node* parent = old->parent;
    if (!parent) root = by;
    else if (parent->left == old) parent->left = by;
    else parent->right = by;
    if (by) by->parent = parent;
  }

  static void update(Node* node) { node->size = sizeOf(node->left) + sizeOf(node->right) + 1; }

  // Lifts `node` over its parent.
  void rotate(Node* node) {
    Node* parent = node->parent;
    replace(parent, node);
    if (parent->left == node) {
      attach(parent, parent->left, node->right);
      attach(node, node->right, parent);
    } else {
      attach(parent, parent->right, node->left);
      attach(node, node->left, parent);
    }
    update(parent);
    update(node);
  }

  Node* copy(const Node* from, Node* parent) {
    if (!from) return nullptr;
    Node* node = new Node(from->priority, from->value);
    node->parent = parent;
    node->size = from->size;
    node->left = copy(from->left, node);
    node->right = copy(from->right, node);
    return node;
  }

  static void destroy(Node* node) {
    if (!node) return;
    destroy(node->left);
    destroy(node->right);
    delete node;
  }

  static Node* leftmost(Node* node) {
    while (node && node->left) node = node->left;
    return node;
  }
  static Node* rightmost(Node* node) {
    while (node && node->right) node = node->right;
    return node;
  }

  Node* bound(const Key& key, bool upper) const {
    Node* found = nullptr;
    for (Node* node = root; node;) {
      bool isAfter = upper ? before(key, keyOf(node)) : !before(keyOf(node), key);
      if (isAfter) found = node;
      node = isAfter ? node->left : node->right;
    }
    return found;
  }

  Node* search(const Key& key) const {
    Node* node = bound(key, false);
    return node && !before(key, keyOf(node)) ? node : nullptr;
  }

 public:
  using key_type = Key;
  using mapped_type = Mapped;
  using value_type = typename Traits::type;
  using size_type = size_t;

  template <class Value>
  class Iterator {
    friend class Tree;
    Node* node = nullptr;
    const Tree* tree = nullptr;
    Iterator(Node* node, const Tree* tree) : node(node), tree(tree) {}

   public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = std::remove_const_t<Value>;
    using difference_type = std::ptrdiff_t;
    using pointer = Value*;
    using reference = Value&;

    Iterator() = default;
    template <class Other>
    Iterator(const Iterator<Other>& other) : node(other.node), tree(other.tree) {}
    reference operator*() const { return node->value; }
    pointer operator->() const { return &node->value; }
    Iterator& operator++() {
      if (node->right) {
        node = leftmost(node->right);
        return *this;
      }
      while (node->parent && node->parent->right == node) node = node->parent;
      node = node->parent;
      return *this;
    }
    Iterator& operator--() {
      if (!node) {
        node = rightmost(tree->root);
      } else if (node->left) {
        node = rightmost(node->left);
      } else {
        while (node->parent && node->parent->left == node) node = node->parent;
        node = node->parent;
      }
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    Iterator operator--(int) {
      Iterator before = *this;
      --*this;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.node == b.node; }
    template <class>
    friend class Iterator;
  };
  using iterator = Iterator<value_type>;
  using const_iterator = Iterator<const value_type>;
  using point_iterator = iterator;
  using point_const_iterator = const_iterator;

  Tree() = default;
  explicit Tree(const Compare& compare) : before(compare) {}
  template <class It>
  Tree(It first, It last) {
    for (; first != last; ++first) insert(*first);
  }
  Tree(const Tree& other) : random(other.random), before(other.before) { root = copy(other.root, nullptr); }
  Tree(Tree&& other) noexcept { swap(other); }
  Tree& operator=(Tree other) noexcept {
    swap(other);
    return *this;
  }
  ~Tree() { destroy(root); }

  void swap(Tree& other) noexcept {
    std::swap(root, other.root);
    std::swap(random, other.random);
    std::swap(before, other.before);
  }

  size_t size() const { return sizeOf(root); }
  bool empty() const { return !root; }
  void clear() {
    destroy(root);
    root = nullptr;
  }

  iterator begin() { return {leftmost(root), this}; }
  iterator end() { return {nullptr, this}; }
  const_iterator begin() const { return {leftmost(root), this}; }
  const_iterator end() const { return {nullptr, this}; }
  auto rbegin() { return std::reverse_iterator(end()); }
  auto rend() { return std::reverse_iterator(begin()); }

  std::pair<iterator, bool> insert(const value_type& value) {
    const Key& key = Traits::key(value);
    Node *parent = nullptr, **place = &root;
    while (*place) {
      parent = *place;
      if (before(key, keyOf(parent))) place = &parent->left;
      else if (before(keyOf(parent), key)) place = &parent->right;
      else return {iterator(parent, this), false};
    }
    Node* node = new Node(nextRandom(), value);
    node->parent = parent;
    *place = node;
    for (Node* up = parent; up; up = up->parent) up->size++;
    while (node->parent && node->parent->priority < node->priority) rotate(node);
    return {iterator(node, this), true};
  }

  iterator erase(iterator at) {
    iterator next = std::next(at);
    Node* node = at.node;
    while (node->left || node->right) {
      Node* child = !node->left || (node->right && node->right->priority > node->left->priority) ? node->right : node->left;
      rotate(child);
    }
    replace(node, nullptr);
    for (Node* up = node->parent; up; up = up->parent) up->size--;
    delete node;
    return next;
  }
  bool erase(const Key& key) {
    Node* node = search(key);
    if (!node) return false;
    erase(iterator(node, this));
    return true;
  }

  iterator find(const Key& key) { return {search(key), this}; }
  const_iterator find(const Key& key) const { return {search(key), this}; }
  size_t count(const Key& key) const { return search(key) != nullptr; }
  iterator lower_bound(const Key& key) { return {bound(key, false), this}; }
  iterator upper_bound(const Key& key) { return {bound(key, true), this}; }
  const_iterator lower_bound(const Key& key) const { return {bound(key, false), this}; }
  const_iterator upper_bound(const Key& key) const { return {bound(key, true), this}; }

  /** The element with `order` smaller ones, or the end. */
  iterator find_by_order(size_t order) const {
    Node* node = root;
    while (node && order != sizeOf(node->left)) {
      size_t left = sizeOf(node->left);
      bool isRight = order > left;
      if (isRight) order -= left + 1;
      node = isRight ? node->right : node->left;
    }
    return {node, this};
  }

  /** How many elements are smaller than `key`. */
  size_t order_of_key(const Key& key) const {
    size_t order = 0;
    for (const Node* node = root; node;) {
      // In this order, so that `less_equal` (a multiset, by a habit of GCC's users) counts the strictly smaller ones.
      if (before(key, keyOf(node))) {
        node = node->left;
      } else if (before(keyOf(node), key)) {
        order += sizeOf(node->left) + 1;
        node = node->right;
      } else {
        return order + sizeOf(node->left);
      }
    }
    return order;
  }

  auto& operator[](const Key& key)
    requires(!std::is_same_v<Mapped, null_type>)
  {
    Node* node = search(key);
    return (node ? iterator(node, this) : insert({key, Mapped()}).first)->second;
  }

  /** What is greater than `key` goes to `other`. */
  void split(const Key& key, Tree& other) {
    other.clear();
    for (auto it = upper_bound(key); it != end(); it = upper_bound(key)) {
      other.insert(*it);
      erase(it);
    }
  }

  /** All elements from `other` that this one lacks; GCC's moves them only if the ranges do not overlap. */
  void join(Tree& other) {
    for (auto& value : other) insert(value);
    other.clear();
  }
};

}  // namespace detail

template <class Key, class Mapped, class Compare = std::less<Key>, class Tag = rb_tree_tag,
          template <class...> class Update = null_node_update, class... Rest>
class tree : public detail::Tree<Key, Mapped, Compare> {
 public:
  using detail::Tree<Key, Mapped, Compare>::Tree;
};

namespace detail {
/** Made from whatever a policy is made from. */
struct Policy {
  Policy() = default;
  template <class... Arguments>
  Policy(Arguments&&...) {}
};
}  // namespace detail

template <class Key, class Mapped, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>, class... Rest>
class gp_hash_table : public std::unordered_map<Key, Mapped, Hash, Equal> {
 public:
  using std::unordered_map<Key, Mapped, Hash, Equal>::unordered_map;
  gp_hash_table() = default;
  explicit gp_hash_table(const Hash& hash, const Equal& equal = Equal())
      : std::unordered_map<Key, Mapped, Hash, Equal>(0, hash, equal) {}
  // How it probes and grows is its own matter.
  gp_hash_table(const Hash& hash, const Equal& equal, detail::Policy, detail::Policy, detail::Policy)
      : gp_hash_table(hash, equal) {}
  void resize(size_t count) { this->reserve(count); }
};
template <class Key, class Hash, class Equal, class... Rest>
class gp_hash_table<Key, null_type, Hash, Equal, Rest...> : public std::unordered_set<Key, Hash, Equal> {
 public:
  using std::unordered_set<Key, Hash, Equal>::unordered_set;
  gp_hash_table() = default;
  explicit gp_hash_table(const Hash& hash, const Equal& equal = Equal())
      : std::unordered_set<Key, Hash, Equal>(0, hash, equal) {}
  gp_hash_table(const Hash& hash, const Equal& equal, detail::Policy, detail::Policy, detail::Policy)
      : gp_hash_table(hash, equal) {}
  void resize(size_t count) { this->reserve(count); }
};
template <class Key, class Mapped, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>, class... Rest>
using cc_hash_table = gp_hash_table<Key, Mapped, Hash, Equal>;

struct pairing_heap_tag {};
struct binary_heap_tag {};
struct binomial_heap_tag {};
struct rc_binomial_heap_tag {};
struct thin_heap_tag {};

// A pairing heap whatever the tag: elements stay where they are, so that they can be changed and removed.
template <class Value, class Compare = std::less<Value>, class Tag = pairing_heap_tag, class... Rest>
class priority_queue {
  struct Node {
    Value value;
    Node* child = nullptr;
    Node* next = nullptr;
    // The parent of a first child, else the sibling before.
    Node* back = nullptr;
  };

 public:
  using value_type = Value;
  using size_type = size_t;
  using const_reference = const Value&;
  using cmp_fn = Compare;

  /** Of one element, valid until it is removed; also when another queue has taken it over. */
  class point_iterator {
   public:
    point_iterator() = default;
    const Value& operator*() const { return node_->value; }
    const Value* operator->() const { return &node_->value; }
    friend bool operator==(const point_iterator& a, const point_iterator& b) = default;

   private:
    friend class priority_queue;
    explicit point_iterator(Node* node) : node_(node) {}
    Node* node_ = nullptr;
  };
  using point_const_iterator = point_iterator;

  /** Elements in no order. */
  class iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = const Value*;
    using reference = const Value&;
    iterator() = default;
    reference operator*() const { return node_->value; }
    pointer operator->() const { return &node_->value; }
    iterator& operator++() {
      if (node_->child) {
        node_ = node_->child;
        return *this;
      }
      while (node_ && !node_->next) node_ = parentOf(node_);
      if (node_) node_ = node_->next;
      return *this;
    }
    iterator operator++(int) {
      iterator before = *this;
      ++*this;
      return before;
    }
    operator point_iterator() const { return point_iterator(node_); }
    friend bool operator==(const iterator& a, const iterator& b) = default;

   private:
    friend class priority_queue;
    explicit iterator(Node* node) : node_(node) {}
    Node* node_ = nullptr;
  };
  using const_iterator = iterator;

  priority_queue() = default;
  explicit priority_queue(const Compare& compare) : compare_(compare) {}
  template <class It>
  priority_queue(It from, It to) {
    for (; from != to; ++from) push(*from);
  }
  priority_queue(const priority_queue& other) : compare_(other.compare_) {
    for (const Value& value : other) push(value);
  }
  priority_queue(priority_queue&& other) noexcept { swap(other); }
  priority_queue& operator=(priority_queue other) {
    swap(other);
    return *this;
  }
  ~priority_queue() { clear(); }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  const Value& top() const { return root_->value; }
  iterator begin() const { return iterator(root_); }
  iterator end() const { return iterator(); }

  point_iterator push(const Value& value) {
    Node* node = new Node{value};
    root_ = root_ ? meld(root_, node) : node;
    size_++;
    return point_iterator(node);
  }
  template <class... Args>
  point_iterator emplace(Args&&... args) {
    return push(Value(std::forward<Args>(args)...));
  }
  void pop() {
    Node* old = root_;
    root_ = meldAll(old->child);
    delete old;
    size_--;
  }
  void modify(point_iterator at, const Value& value) {
    Node* node = at.node_;
    detach(node);
    node->value = value;
    root_ = root_ ? meld(root_, node) : node;
  }
  void erase(point_iterator at) {
    Node* node = at.node_;
    detach(node);
    delete node;
    size_--;
  }
  void join(priority_queue& other) {
    if (other.root_) root_ = root_ ? meld(root_, other.root_) : other.root_;
    size_ += other.size_;
    other.root_ = nullptr;
    other.size_ = 0;
  }
  void clear() {
    while (!empty()) pop();
  }
  void swap(priority_queue& other) noexcept {
    std::swap(root_, other.root_);
    std::swap(size_, other.size_);
    std::swap(compare_, other.compare_);
  }

 private:
  static Node* parentOf(Node* node) {
    while (node->back && node->back->child != node) node = node->back;
    return node->back;
  }

  /** Both are roots. */
  Node* meld(Node* a, Node* b) {
    if (compare_(a->value, b->value)) std::swap(a, b);
    b->next = a->child;
    if (b->next) b->next->back = b;
    b->back = a;
    a->child = b;
    return a;
  }

  /** Siblings in pairs, and then these from the last to the first. */
  Node* meldAll(Node* first) {
    Node* pairs = nullptr;
    while (first) {
      Node* a = first;
      Node* b = a->next;
      first = b ? b->next : nullptr;
      a->next = a->back = nullptr;
      if (b) {
        b->next = b->back = nullptr;
        a = meld(a, b);
      }
      a->next = pairs;
      pairs = a;
    }
    Node* root = nullptr;
    while (pairs) {
      Node* next = pairs->next;
      pairs->next = nullptr;
      root = root ? meld(root, pairs) : pairs;
      pairs = next;
    }
    return root;
  }

  /** Takes a node out, its children left behind. */
  void detach(Node* node) {
    Node* rest = meldAll(node->child);
    node->child = nullptr;
    if (node == root_) {
      root_ = rest;
      return;
    }
    if (node->back->child == node) {
      node->back->child = node->next;
    } else {
      node->back->next = node->next;
    }
    if (node->next) node->next->back = node->back;
    node->next = node->back = nullptr;
    if (rest) root_ = meld(root_, rest);
  }

  Node* root_ = nullptr;
  size_t size_ = 0;
  Compare compare_;
};

}  // namespace __gnu_pbds
