// Float, latency-bound: the planets of the solar system, 1.2e6 steps.
// Sizes: 120000 1200000 8000000
#include <cmath>
#include <cstdio>
struct Body { double x, y, z, vx, vy, vz, mass; };
const double PI = 3.141592653589793, SOLAR = 4 * PI * PI, DAYS = 365.24;
Body bodies[5] = {
  {0, 0, 0, 0, 0, 0, SOLAR},
  {4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01, 1.66007664274403694e-03 * DAYS, 7.69901118419740425e-03 * DAYS, -6.90460016972063023e-05 * DAYS, 9.54791938424326609e-04 * SOLAR},
  {8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01, -2.76742510726411989e-03 * DAYS, 4.99852801234917238e-03 * DAYS, 2.30417297573763929e-05 * DAYS, 2.85885980666130812e-04 * SOLAR},
  {1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01, 2.96460137564761618e-03 * DAYS, 2.37847173959480950e-03 * DAYS, -2.96589568540237556e-05 * DAYS, 4.36624404335156298e-05 * SOLAR},
  {1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01, 2.68067772490389322e-03 * DAYS, 1.62824170038242295e-03 * DAYS, -9.51592254519715870e-05 * DAYS, 5.15138902046611451e-05 * SOLAR}};
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  for (int step = 0; step < n; step++) {
    for (int i = 0; i < 5; i++)
      for (int j = i + 1; j < 5; j++) {
        Body &a = bodies[i], &b = bodies[j];
        double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
        double d2 = dx * dx + dy * dy + dz * dz, mag = 0.001 / (d2 * std::sqrt(d2));
        a.vx -= dx * b.mass * mag, a.vy -= dy * b.mass * mag, a.vz -= dz * b.mass * mag;
        b.vx += dx * a.mass * mag, b.vy += dy * a.mass * mag, b.vz += dz * a.mass * mag;
      }
    for (auto& b : bodies) b.x += 0.001 * b.vx, b.y += 0.001 * b.vy, b.z += 0.001 * b.vz;
  }
  double e = 0;
  for (auto& b : bodies) e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz);
  std::printf("%.9f\n", e);
}
