/* matrix: linear equations solved by Gaussian elimination, the inverse of a Hilbert matrix, and a rotation by sine and cosine:
 * floating point, which this machine has in software only.
 *
 *   Run it:     ring1 run examples/c/matrix.c
 *   Look for:   a solution of 1 2 ... 8; an inverse whose elements are integers; the determinant, which is tiny. */
#include <math.h>
#include <stdio.h>

enum { MOST = 8 };

typedef double matrix[MOST][2 * MOST];

/* Eliminate below and above the diagonal, with partial pivoting; the determinant of the left n columns. */
static double eliminate(matrix m, int n, int columns)
{
    double determinant = 1;
    for (int i = 0; i < n; i++) {
        int best = i;
        for (int k = i + 1; k < n; k++)
            if (fabs(m[k][i]) > fabs(m[best][i]))
                best = k;
        if (m[best][i] == 0)
            return 0;
        if (best != i) {
            for (int j = 0; j < columns; j++) {
                double t = m[i][j];
                m[i][j] = m[best][j];
                m[best][j] = t;
            }
            determinant = -determinant;
        }
        determinant *= m[i][i];
        for (int j = columns - 1; j >= i; j--)
            m[i][j] /= m[i][i];
        for (int k = 0; k < n; k++) {
            double factor = m[k][i];
            if (k != i && factor != 0)
                for (int j = i; j < columns; j++)
                    m[k][j] -= factor * m[i][j];
        }
    }
    return determinant;
}

static void solve(void)
{
    static matrix m;
    for (int i = 0; i < MOST; i++) {
        m[i][MOST] = 0;
        for (int j = 0; j < MOST; j++) {
            m[i][j] = i == j ? 10 : 1.0 / (1 + (i * 7 + j * 3) % 5);
            m[i][MOST] += m[i][j] * (j + 1);
        }
    }
    double determinant = eliminate(m, MOST, MOST + 1);
    printf("The solution:");
    for (int i = 0; i < MOST; i++)
        printf(" %.6f", m[i][MOST]);
    printf("\nThe determinant: %.10g\n", determinant);
}

static void invert_hilbert(int n)
{
    static matrix m;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            m[i][j] = 1.0 / (i + j + 1);
            m[i][n + j] = i == j;
        }
    double determinant = eliminate(m, n, 2 * n);
    printf("The inverse of the Hilbert matrix of order %d, whose determinant is %.6e:\n", n, determinant);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            printf(" %10.2f", m[i][n + j]);
        printf("\n");
    }
}

static void rotate(void)
{
    const double pi = 4 * atan(1);
    double x = 3, y = 4, s = sin(pi / 180), c = cos(pi / 180);
    for (int degrees = 0; degrees <= 360; degrees++) {
        if (degrees % 60 == 0)
            printf("(3, 4) after %3d degrees: (%.6f, %.6f), length %.6f\n", degrees, x, y, sqrt(x * x + y * y));
        double next = c * x - s * y;
        y = s * x + c * y;
        x = next;
    }
}

int main(void)
{
    solve();
    invert_hilbert(5);
    rotate();
    float sum = 0;
    for (int i = 1; i <= 1000; i++)
        sum += 1.0f / ((float)i * (float)i);
    printf("The sum of 1/n^2 in single precision, 1000 terms: %.7f; pi^2/6 = %.7f\n", sum, pow(acos(-1), 2) / 6);
    return 0;
}
