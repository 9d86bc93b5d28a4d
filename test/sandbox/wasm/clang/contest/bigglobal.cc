#include <bits/stdc++.h>
using namespace std;
int dp[5005][5005]; long long big[20000000];
int main() { dp[5000][5000] = 4; big[19999999] = 5; memset(dp, -1, sizeof dp); cout << dp[3][3] + big[19999999] << endl; vector<bool> vb(100000000); vb[99999999] = 1; cout << count(vb.begin(), vb.end(), true) << endl; }
