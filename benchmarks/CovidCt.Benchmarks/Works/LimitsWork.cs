using System.Diagnostics;
using CovidCt.Augmentation;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>How near the hot loops come to what the machine can do, which is measured in the same process before and after each.</summary>
internal static class LimitsWork
{
    private const int Channels = 1024, Pixels = 64; // A convolution of 1 × 1 is a product of matrices: 4096 × 1024 by 1024 × 1024 here.
    private const long Length = 48 << 20; // Of the vectors, in values: far beyond any cache.

    // LAMB reads weight, gradient and both moments, and writes all but the gradient.
    private const int LambBytes = 7 * sizeof(float);

    private static readonly string[] Networks = ["resnet50", "resnet18", "squeezenet1_1", "densenet121", "shufflenet_v2_x1_0"];

    private const int Batches = 16;

    public static ComparedWork Create() => new(
        "limits",
        "What the machine does at most, by a convolution of 1 × 1 over 1,024 channels, which is a product of matrices, and by adding one vector of 192 MiB to another, and what share of that the hot loops reach: " +
        "two operations a multiply-add, three passes a training step; 28 bytes a parameter for LAMB, 13 a pixel for input.",
        [
            new("matrix rate, GFLOP/s", _ => Rate(new Matrices()), Ask: null),
            new("memory bandwidth, GB/s", _ => Rate(new Vectors()), Ask: null),
            .. Networks.Select(name => new WorkCase($"inference of {name}, % of the matrix rate", _ => Inference(name), Ask: null)),
            .. Networks.Select(name => new WorkCase($"training step of {name}, % of the matrix rate", _ => Training(name), Ask: null)),
            new("LAMB step on ResNet101, % of the memory bandwidth", _ => Lamb(), Ask: null),
            new("normalised input from canvases, % of the memory bandwidth", _ => Input(), Ask: null),
        ])
    {
        Unit = "as named",
    };

    private static Measurement Rate(Limit limit) => new(() => limit.Measure() / 1e9, limit);

    private static Measurement Inference(string name)
    {
        var network = BenchmarkedNetwork.Named(name);
        var (answer, owned) = InferWork.Start(network, CPU, network.Batch);
        return Share(new Matrices(), 2e9 * network.Gmac * network.Batch, answer, owned);
    }

    private static Measurement Training(string name)
    {
        var network = BenchmarkedNetwork.Named(name);
        var (step, owned) = TrainWork.Start(network, CPU, network.Batch);
        return Share(new Matrices(), 6e9 * network.Gmac * network.Batch, step, owned);
    }

    private static Measurement Lamb()
    {
        var backbone = LambWork.WithGradients(LambWork.Network, CPU);
        var parameters = backbone.TrainableParameters(NetworkPart.All);
        var optimizer = new LambOptimizer(parameters, LambOptions.Authors);
        return Share(new Vectors(), (double)LambBytes * parameters.Sum(entry => entry.Parameter.numel()), optimizer.Step, optimizer, backbone);
    }

    private static Measurement Input()
    {
        var network = BenchmarkedNetwork.Named("resnet18");
        var spec = new BackboneFactory().Spec(network.Name);
        var canvases = RandomCanvases.Store(spec.Canvas, network.Batch);
        var input = new Augmenter(AugmentationOptions.None, spec.Normalisation, RandomCanvases.Fill);
        int[] rows = [.. Enumerable.Range(0, network.Batch)];
        return Share(new Vectors(), 13.0 * Batches * network.Batch * spec.Canvas.Width * spec.Canvas.Height, Prepare, canvases);

        void Prepare()
        {
            foreach (var batch in canvases.Batches(Enumerable.Repeat(rows, Batches), CPU))
            {
                using var gray = batch;
                input.Prepare(gray).Dispose();
            }
        }
    }

    /// <summary>Per cent of a limit, the mean of its rates before and after.</summary>
    private static Measurement Share(Limit limit, double amount, Action action, params IDisposable[] owned)
    {
        var time = Measurement.OfTime(action);
        return new(() =>
        {
            var before = limit.Measure();
            var rate = amount / time.Value();
            return 200 * rate / (before + limit.Measure());
        }, [limit, .. owned]);
    }

    /// <summary>Something that a machine can do so much of in a second.</summary>
    private abstract class Limit : IDisposable
    {
        private const int Times = 5;

        /// <summary>The greatest rate of some goes, in operations or bytes a second.</summary>
        public double Measure() => Enumerable.Range(0, Times).Max(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            var amount = Do();
            return amount / Stopwatch.GetElapsedTime(start).TotalSeconds;
        });

        public abstract void Dispose();

        /// <summary>Does it once, and says how much it was.</summary>
        protected abstract double Do();
    }

    private sealed class Matrices : Limit
    {
        private readonly Tensor _images = rand(1, Pixels, Pixels, Channels).permute(0, 3, 1, 2), _weights = rand(Channels, 1, 1, Channels).permute(0, 3, 1, 2);

        protected override double Do()
        {
            using var guard = no_grad();
            nn.functional.conv2d(_images, _weights).Dispose();
            return 2.0 * Pixels * Pixels * Channels * Channels;
        }

        public override void Dispose()
        {
            _images.Dispose();
            _weights.Dispose();
        }
    }

    private sealed class Vectors : Limit
    {
        private readonly Tensor _one = zeros(Length), _other = ones(Length);

        protected override double Do()
        {
            _one.add_(_other);
            return 3.0 * sizeof(float) * Length;
        }

        public override void Dispose()
        {
            _one.Dispose();
            _other.Dispose();
        }
    }
}
