// Data structures with pointers: a treap; std::set and std::multiset.
// Sizes: 12000 120000 300000
#include <bits/stdc++.h>
using namespace std;
struct Node { int key, size; unsigned priority; Node *left, *right; };
int size_(Node* t) { return t ? t->size : 0; }
void update(Node* t) { t->size = size_(t->left) + size_(t->right) + 1; }
void split(Node* t, int key, Node*& l, Node*& r) {
  if (!t) { l = r = nullptr; return; }
  if (t->key < key) split(t->right, key, t->right, r), l = t;
  else split(t->left, key, l, t->left), r = t;
  update(t);
}
Node* merge_(Node* a, Node* b) {
  if (!a || !b) return a ? a : b;
  if (a->priority > b->priority) { a->right = merge_(a->right, b); update(a); return a; }
  b->left = merge_(a, b->left);
  update(b);
  return b;
}
int main() {
  int n;
  cin >> n;
  mt19937 r(9);
  Node* root = nullptr;
  set<int> s;
  long long sum = 0;
  for (int i = 0; i < n; i++) {
    int k = r() % 1000000;
    Node *a, *b, *c;
    split(root, k, a, b);
    split(b, k + 1, b, c);
    sum += size_(a);
    if (!b) b = new Node{k, 1, (unsigned)r(), nullptr, nullptr};
    root = merge_(merge_(a, b), c);
    s.insert(k);
    auto it = s.lower_bound(k / 2);
    sum += *it;
    if (i % 3 == 0) s.erase(it);
  }
  cout << size_(root) << " " << s.size() << " " << sum << endl;
}
