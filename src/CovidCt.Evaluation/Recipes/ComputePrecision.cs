namespace CovidCt.Recipes;

/// <summary>What convolutions and linear layers compute in.</summary>
public enum ComputePrecision
{
    /// <summary>bfloat16 on a CUDA card of compute capability 8.0 or above, else float32.</summary>
    Auto,

    /// <summary>float32; a CUDA card's convolutions take TF32 for it, as PyTorch's do by default.</summary>
#pragma warning disable CA1720 // The field's name for it, as in ScalarType.Float32.
    Float32,
#pragma warning restore CA1720

    /// <summary>
    /// bfloat16 with float32 sums: mixed precision. The processor can do it too, slowly where it has no instructions for it.
    /// </summary>
    BFloat16,
}
