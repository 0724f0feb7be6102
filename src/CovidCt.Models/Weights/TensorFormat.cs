namespace CovidCt.Models.Weights;

/// <summary>The way a file holds tensors.</summary>
public enum TensorFormat
{
    /// <summary>safetensors: a JSON header before the numbers.</summary>
    Safetensors,

    /// <summary>PyTorch's zip archive, which <c>torch.save</c> writes since 1.6.</summary>
    PyTorch,

    /// <summary>PyTorch's pickles one after the other, which <c>torch.save</c> wrote before 1.6.</summary>
    PyTorchLegacy,
}
