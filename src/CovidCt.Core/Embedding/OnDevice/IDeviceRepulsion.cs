using static TorchSharp.torch;

namespace CovidCt.Embedding.OnDevice;

/// <summary>Computes how points push each other apart, where they lie.</summary>
internal interface IDeviceRepulsion : IDisposable
{
    /// <summary>
    /// Σ k(ij)² · (y(i) - y(j)) over all j, k(ij) = 1 / (1 + |y(i) - y(j)|²), and Z, the sum of k(ij) over all ordered pairs of different
    /// points.
    /// </summary>
    /// <param name="positions">[2, N], float32.</param>
    /// <returns>[2, N], float32, and a number in float64, both on the device.</returns>
    (Tensor Push, Tensor Z) Compute(Tensor positions);
}
