using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

/// <summary>What becomes of calls that are under way while another thread disposes what they use.</summary>
[Collection(NativeMemory.Name)]
public sealed class DisposedUnderLoadTests(ITestOutputHelper output)
{
    private const string SeedName = "COVIDCT_DISPOSAL_SEED";
    private const int Callers = 2;
    private const int CallersOfProcess = 4;
    private const int RoundsOfProcess = 8;

    private static readonly BackboneFactory Factory = new();

    public static TheoryData<string> Kinds => [.. Users.Keys];

    /// <summary>Every public type that owns native memory or a mapped file, and what is called of it.</summary>
    private static Dictionary<string, Func<TemporaryFolder, (IDisposable Owner, Action Call)>> Users { get; } = new()
    {
        ["classifier, classify"] = _ => Classifier((classifier, image) => classifier.Classify(image)),
        ["classifier, explain"] = _ => Classifier((classifier, image) => classifier.Explain(image)),
        ["classifier, explain a layer"] = _ => Classifier((classifier, image) => classifier.Explain(image, new GradCamOptions { Layer = "stage4" }, null)),
        ["ensemble"] = _ => Ensemble((ensemble, image, _) => ensemble.Classify(image)),
        ["ensemble, explain"] = _ => Ensemble((ensemble, image, _) => ensemble.Explain(image, new GradCamOptions(), null)),
        ["ensemble, save"] = folder => Ensemble((ensemble, _, number) => ensemble.Save(folder[$"{number}.safetensors"])),
        ["network"] = _ => Network(),
        ["network, copy"] = _ => Copied(),
        ["network for inference"] = _ => ForInference(),
        ["file"] = File,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_under_way_is_finished_and_later_calls_are_refused(string kind)
    {
        using var folder = new TemporaryFolder();
        var alone = Left(() =>
        {
            var (owner, call) = Users[kind](folder);
            call();
            owner.Dispose();
        });
        var (answers, refusals) = (0, 0);
        ConcurrentBag<Exception> faults = [];
        var underLoad = Left(() => (answers, refusals, faults) = Round(Users[kind](folder), Callers, delay: TimeSpan.FromMilliseconds(5)));

        Assert.Empty(faults);
        Assert.True(answers >= Callers, $"{answers} calls were answered.");
        Assert.Equal(Callers, refusals);

        // TorchSharp counts a parameter that it made of a tensor as two, of which one is freed.
        Assert.Equal(alone, underLoad);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_process_that_disposes_under_load_is_ended_by_a_signal()
    {
        var processes = LargeCount.Of("COVIDCT_DISPOSALS", sample: 3);
        for (var seed = 0; seed < processes; seed++)
        {
            var start = new ProcessStartInfo(
                "dotnet", [typeof(DisposedUnderLoadTests).Assembly.Location, "-explicit", "only", "-class", typeof(DisposedUnderLoadTests).FullName!])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { [SeedName] = seed.ToString(CultureInfo.InvariantCulture) },
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == 0, $"Seed {seed} ended with {process.ExitCode}: {said}{await errors}");
            Assert.Contains("Total: 1", said, StringComparison.Ordinal);
        }

        output.WriteLine($"{processes} processes, {processes * RoundsOfProcess} disposals.");
    }

    /// <summary>What each of those processes does; its cases are drawn from the seed that it is given.</summary>
    [Fact(Explicit = true)]
    public void In_a_process_of_its_own()
    {
        var seed = LargeCount.Of(SeedName, sample: 0);
#pragma warning disable CA5394 // Cases are drawn so that they can be drawn again.
        var random = new Random(seed);
        string[] kinds = [.. Users.Keys];
        for (var round = 0; round < RoundsOfProcess; round++)
        {
            using var folder = new TemporaryFolder();
            var kind = kinds[((seed * RoundsOfProcess) + round) % kinds.Length];
            var (_, _, faults) = Round(Users[kind](folder), CallersOfProcess, TimeSpan.FromMilliseconds(random.NextDouble() * 40));
            Assert.True(faults.IsEmpty, $"{kind}: {faults.FirstOrDefault()}");
        }
#pragma warning restore CA5394
    }

    /// <summary>How many more native tensors are counted after than before.</summary>
    private static long Left(Action action)
    {
        NativeTensors.Settle();
        var before = Tensor.TotalCount;
        action();
        NativeTensors.Settle();
        return Tensor.TotalCount - before;
    }

    /// <summary>Answers, calls that were refused since it was disposed, and what else came of them.</summary>
    private static (int Answers, int Refusals, ConcurrentBag<Exception> Faults) Round(
        (IDisposable Owner, Action Call) user, int callers, TimeSpan delay)
    {
        var (answers, refusals) = (0, 0);
        var faults = new ConcurrentBag<Exception>();
        using var warm = new CountdownEvent(callers);
        var threads = Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            try
            {
                while (true)
                {
                    user.Call();
                    if (Interlocked.Increment(ref answers) <= callers)
                    {
                        warm.Signal();
                    }
                }
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refusals);
            }
#pragma warning disable CA1031 // Whatever else it is is what is looked for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                faults.Add(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        Assert.True(warm.Wait(TimeSpan.FromMinutes(1)), $"No answer within a minute. {faults.FirstOrDefault()}");
        Thread.Sleep(delay);
        user.Owner.Dispose();
        threads.ForEach(thread => thread.Join());
        return (answers, refusals, faults);
    }

    private static (IDisposable, Action) Classifier(Action<CtClassifier, GrayImage> call)
    {
        var classifier = SmallNetworks.Classifier();
        var image = TestImages.Noise(60, 45);
        return (classifier, () => call(classifier, image));
    }

    private static (IDisposable, Action) Ensemble(Action<CtEnsemble, GrayImage, int> call)
    {
        var ensemble = new CtEnsemble([SmallNetworks.Classifier(seed: 1), SmallNetworks.Classifier(seed: 2)]);
        var image = TestImages.Noise(60, 45);
        return (ensemble, () => call(ensemble, image, Environment.CurrentManagedThreadId));
    }

    private static (IDisposable, Action) Network()
    {
        var network = SmallNetworks.Backbone();
        network.Network.eval();
        return (network, Call);

        void Call()
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            _ = network.Head(network.FeatureMap(zeros(1, 3, 48, 64)));
            _ = network.Network.call(zeros(1, 3, 48, 64));
        }
    }

    private static (IDisposable, Action) Copied()
    {
        var network = SmallNetworks.Backbone();
        return (network, () => network.ForInference().Dispose());
    }

    private static (IDisposable, Action) ForInference()
    {
        using var backbone = SmallNetworks.Backbone();
        var network = backbone.ForInference();
        return (network, Call);

        void Call()
        {
            using var scope = NewDisposeScope();
            _ = network.Pool(network.FeatureMap(zeros(1, 3, 48, 64)));
            _ = network.Logits(zeros(5, 3, 48, 64));
        }
    }

    private static (IDisposable, Action) File(TemporaryFolder folder)
    {
        var path = folder["network.safetensors"];
        using (var backbone = SmallNetworks.Backbone())
        {
            BackboneWeights.Save(backbone, path);
        }

        var file = TensorFile.Open(path);
        return (file, Call);

        void Call()
        {
            using var scope = NewDisposeScope();
            _ = file.ReadAll();
            _ = file.Read(file.Entries[0].Name);
        }
    }
}
