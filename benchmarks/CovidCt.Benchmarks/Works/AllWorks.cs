using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;

namespace CovidCt.Benchmarks.Works;

/// <summary>The works that are compared.</summary>
internal static class AllWorks
{
    public static IReadOnlyList<ComparedWork> List { get; } =
    [
        TrainWork.Create(), InferWork.Create("infer", batch: null), InferWork.Create("infer-one", batch: 1), LambWork.Create(), DecodeWork.Create(),
        EpochWork.Create(), LoopWork.Create(), GradCamWork.Create(), ClientsWork.Fairness(), ClientsWork.Seconds(), PredictWork.Create(), MemoryWork.Create(), LimitsWork.Create(),
        TrainWork.OnCuda(32), TrainWork.OnCuda(128), InferWork.OnCuda(32), InferWork.OnCuda(128), LambWork.OnCuda(), EpochWork.OnCuda(), GradCamWork.OnCuda(), BusyWork.Create(),
    ];

    /// <summary>Those that are run where none is named: on a machine with a card the card's, else the processor's.</summary>
    public static IEnumerable<ComparedWork> Usual => List.Where(work => work.OnCuda == Card.IsThere);

    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static ComparedWork Find(string name) => List.FirstOrDefault(work => work.Name == name)
        ?? throw new ArgumentException($"There is no work '{name}'. There are: {string.Join(", ", List.Select(work => work.Name))}.");
}
