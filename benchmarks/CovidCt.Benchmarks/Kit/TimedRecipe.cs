using CovidCt.Recipes;
using TorchSharp;

namespace CovidCt.Benchmarks.Kit;

/// <summary>How networks are trained here and by the peer.</summary>
internal static class TimedRecipe
{
    /// <summary>More epochs than are ever run, with the arithmetic of timm's Lamb, on as many threads as libtorch was given.</summary>
    public static TrainingOptions Training(int batch, AugmentationOptions augmentation) => new()
    {
        Epochs = 100_000,
        BatchSize = batch,
        Augmentation = augmentation,
        Lamb = LambOptions.Apex,
        Threads = torch.get_num_threads(),
    };
}
