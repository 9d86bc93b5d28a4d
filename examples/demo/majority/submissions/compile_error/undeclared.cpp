#include <iostream>

int main() {
    int n;
    std::cin >> n;
    std::cout << winner << std::endl;  // never declared
}
