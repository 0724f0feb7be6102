using CovidCt.Benchmarks.Comparison;

namespace CovidCt.Benchmarks.Works;

/// <summary>The works that are compared.</summary>
internal static class AllWorks
{
    public static IReadOnlyList<ComparedWork> List { get; } =
    [
        TrainWork.Create(), InferWork.Create("infer", batch: null), InferWork.Create("infer-one", batch: 1), LambWork.Create(), DecodeWork.Create(),
        EpochWork.Create(), LoopWork.Create(), GradCamWork.Create(), PredictWork.Create(), MemoryWork.Create(), LimitsWork.Create(),
    ];

    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static ComparedWork Find(string name) => List.FirstOrDefault(work => work.Name == name)
        ?? throw new ArgumentException($"There is no work '{name}'. There are: {string.Join(", ", List.Select(work => work.Name))}.");
}
