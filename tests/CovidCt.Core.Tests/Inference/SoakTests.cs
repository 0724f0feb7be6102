using System.Collections.Concurrent;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

[Collection(NativeMemory.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Threads = 64;
    private const int Samples = 100;
    private const double MiB = 1 << 20;

    [Fact]
    [Trait("Category", "Long")]
    public void Predictions_from_many_threads_leave_no_tensor_and_take_no_more_memory_in_the_end()
    {
        var predictions = LargeCount.Of("COVIDCT_SOAK", sample: 4000);
        using var classifier = SmallNetworks.Classifier();
        var images = Enumerable.Range(0, 16).Select(i => TestImages.Noise(60 + i, 45)).ToList();
        var alone = images.Select(image => classifier.Classify(image).Probabilities.ToArray()).ToList();
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        var memory = new double[Samples];
        var faults = new ConcurrentBag<Exception>();
        var next = -1;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            try
            {
                while (Interlocked.Increment(ref next) is var number && number < predictions)
                {
                    var image = number % images.Count;
                    Assert.Equal(alone[image], classifier.Classify(images[image]).Probabilities);
                    if (number % (predictions / Samples) == 0 && number / (predictions / Samples) is var sample && sample < Samples)
                    {
                        memory[sample] = Environment.WorkingSet / MiB;
                    }
                }
            }
            catch (Exception e)
            {
                faults.Add(e);
                throw;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        var (third, last) = (memory[(Samples / 2)..(3 * Samples / 4)].Average(), memory[(3 * Samples / 4)..].Average());
        output.WriteLine($"{predictions} predictions from {Threads} threads: {memory[0]:0} MiB at first, {third:0} in the third quarter, {last:0} in the last.");
        Assert.Empty(faults);
        NativeTensors.Settle();
        Assert.Equal(before, Tensor.TotalCount);
        Assert.InRange(last, 0, third + Math.Max(16, 0.03 * third));
    }
}
