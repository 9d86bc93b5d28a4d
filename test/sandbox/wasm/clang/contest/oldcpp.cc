#include<iostream>
#include<cstdio>
#include<algorithm>
#include<vector>
#include<map>
#include<ext/hash_map>
#include<ext/pb_ds/assoc_container.hpp>
#include<tr1/unordered_map>
#define ll long long
#define rep(i,n) for(int i=0;i<(n);i++)
#define mp make_pair
#define pb push_back
using namespace std;
const int MAXN = 1e5+5; int a[MAXN], next[10], left[10], right[10], size_[3]; double y0_, y1, tm; long long ans, time_;
struct node{ int x; bool operator<(const node&o)const{return x<o.x;} };
template<class T> inline void read(T&x){x=0;char c=getchar();int f=1;while(c<'0'||c>'9'){if(c=='-')f=-1;c=getchar();}while(c>='0'&&c<='9')x=x*10+c-48,c=getchar();x*=f;}
int gcd(int a,int b){return b?gcd(b,a%b):a;}
int main(){ int n; read(n); rep(i,n) read(a[i]); sort(a,a+n); n=unique(a,a+n)-a; rep(i,n) printf("%d ",a[i]); puts(""); map<int,int> m; m.insert(mp(1,2)); for(map<int,int>::iterator it=m.begin();it!=m.end();it++) cout<<it->first<<" "<<it->second<<endl; ::next[0]=1; ::left[0]=2; y1=3; tm=4; cout<<::next[0]+::left[0]+y1+tm+gcd(4,6)+__gcd(8,12)<<endl; std::tr1::unordered_map<int,int> um; um[1]=3; cout<<um[1]<<endl; vector<node> v; node t; t.x=3; v.pb(t); t.x=1; v.pb(t); sort(v.begin(),v.end()); cout<<v[0].x<<endl; cout<<max(1,2)<<min<ll>(3,4)<<endl; return 0; }
