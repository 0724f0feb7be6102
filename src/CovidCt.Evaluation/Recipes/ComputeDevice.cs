namespace CovidCt.Recipes;

/// <summary>Where tensors live and are computed.</summary>
public enum ComputeDevice
{
    /// <summary>CUDA where there is a card, else the processor.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA card; an error where there is none.</summary>
    Cuda,
}
