#include <bits/stdc++.h>
using namespace std;

const unsigned long long P = (1ULL << 61) - 1;

unsigned long long times(unsigned long long a, unsigned long long b) {
    __uint128_t product = (__uint128_t)a * b;
    unsigned long long low = (unsigned long long)(product & P), high = (unsigned long long)(product >> 61);
    unsigned long long sum = low + high;
    return sum >= P ? sum - P : sum;
}

int main() {
    int n, k;
    string notes;
    cin >> n >> k >> notes;
    const unsigned long long base = 911382323;
    unsigned long long lead = 1, hash = 0;
    for (int i = 0; i < k; i++) lead = times(lead, base);
    vector<unsigned long long> hashes;
    for (int i = 0; i < n; i++) {
        hash = (times(hash, base) + notes[i]) % P;
        if (i >= k) hash = (hash + P - times(lead, notes[i - k])) % P;
        if (i >= k - 1) hashes.push_back(hash);
    }
    sort(hashes.begin(), hashes.end());
    cout << unique(hashes.begin(), hashes.end()) - hashes.begin() << endl;
}
