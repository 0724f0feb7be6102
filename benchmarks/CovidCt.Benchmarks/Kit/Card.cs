using TorchSharp;

namespace CovidCt.Benchmarks.Kit;

/// <summary>The CUDA card, where there is one.</summary>
internal static class Card
{
    public static bool IsThere => torch.cuda.is_available();

    /// <summary>Where suites compute: on the card, or without one on the processor.</summary>
    public static torch.Device Device => IsThere ? torch.CUDA : torch.CPU;

    /// <summary>Waits until the card has done what it was given.</summary>
    public static void Synchronize()
    {
        if (IsThere)
        {
            torch.cuda.synchronize();
        }
    }
}
