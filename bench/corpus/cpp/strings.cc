// Strings: building, splitting, searching, comparing.
// Sizes: 30000 300000 1500000
#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  string text;
  unsigned x = 1;
  for (int i = 0; i < n; i++) {
    x = x * 1664525 + 1013904223;
    text += "word" + to_string(x >> 22) + (i % 7 ? " " : "\n");
  }
  map<string, int> count;
  istringstream in(text);
  string word;
  while (in >> word) count[word]++;
  size_t hits = 0;
  for (size_t at = text.find("word77"); at != string::npos; at = text.find("word77", at + 1)) hits++;
  reverse(text.begin(), text.end());
  auto best = max_element(count.begin(), count.end(), [](auto& a, auto& b) { return a.second < b.second; });
  cout << count.size() << " " << best->first << " " << best->second << " " << hits << " " << text.substr(0, 12) << endl;
}
