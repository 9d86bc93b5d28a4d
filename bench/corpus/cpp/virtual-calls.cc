// Objects: virtual calls, shared pointers, std::function.
// Sizes: 20000 200000 400000
#include <bits/stdc++.h>
using namespace std;
struct Shape { virtual ~Shape() {} virtual double area() const = 0; };
struct Circle : Shape { double r; Circle(double r) : r(r) {} double area() const override { return 3.14159 * r * r; } };
struct Box : Shape { double a, b; Box(double a, double b) : a(a), b(b) {} double area() const override { return a * b; } };
struct Triangle : Shape { double a, h; Triangle(double a, double h) : a(a), h(h) {} double area() const override { return a * h / 2; } };
int main() {
  int n;
  cin >> n;
  vector<shared_ptr<Shape>> shapes;
  mt19937 r(2);
  for (int i = 0; i < n; i++) {
    double a = r() % 100, b = r() % 100;
    if (i % 3 == 0) shapes.push_back(make_shared<Circle>(a));
    else if (i % 3 == 1) shapes.push_back(make_shared<Box>(a, b));
    else shapes.push_back(make_shared<Triangle>(a, b));
  }
  shuffle(shapes.begin(), shapes.end(), mt19937(4));
  vector<function<double(double)>> fs{[](double x) { return x + 1; }, [](double x) { return x * 0.999; }, [](double x) { return x - 2; }};
  double sum = 0;
  for (int round = 0; round < 25; round++)
    for (size_t i = 0; i < shapes.size(); i++) sum = fs[i % 3](sum + shapes[i]->area() * 1e-3);
  printf("%.4f\n", sum);
}
