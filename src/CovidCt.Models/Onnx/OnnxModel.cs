using System.Reflection;
using System.Security.Cryptography;
using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Onnx;

/// <summary>
/// Writes networks as ONNX files, which answer and explain without libtorch: input <c>images</c>, float32 [N, 3, H, W], normalised as the
/// network expects them, of any N, H and W; outputs <c>logits</c> [N, classes], <c>probabilities</c> [N, classes], <c>features</c> [N, C]
/// and <c>maps</c> [N, 3, classes, h, w], which are Grad-CAM, Grad-CAM++ and LayerCAM at the last feature map. Where the input
/// <c>explain</c>, a bool that may be left out, is false, maps are not computed, and have no numbers.
/// </summary>
/// <remarks>
/// Of several networks <c>logits</c>, <c>features</c> and <c>maps</c> have their number as second dimension, and <c>probabilities</c> are
/// the means of theirs, calibrated as one where a calibration of the means is given. Batch norms are folded into the convolutions before
/// them.
/// </remarks>
public static class OnnxModel
{
    /// <summary>How often <see cref="Member.CalibrationImages"/> are gone through.</summary>
    public const int CalibrationPasses = 2;

    /// <summary>The share of a range's numbers that it leaves out at either end, at most: they become its ends.</summary>
    public const double LeftOut = 1e-5;

    /// <summary>A network of a file.</summary>
    /// <param name="Network">It stays the caller's.</param>
    /// <param name="Calibration">
    /// Of two classes, intercept and slope of what the log-odds of the positive one become: a + b·log-odds; null leaves them.
    /// </param>
    public sealed record Member(IBackbone Network, (double Intercept, double Slope)? Calibration = null)
    {
        /// <summary>
        /// Images that the network was trained on, in batches of float32 [N, 3, H, W], which stay the caller's: where there are
        /// any, all up to the last feature map computes in whole numbers of 8 bits, whose ranges they show. The head stays float32.
        /// </summary>
        public IEnumerable<Tensor>? CalibrationImages { get; init; }
    }

    /// <summary>Writes networks of one kind to a stream.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="members">One or more networks with the same classes.</param>
    /// <param name="positive">Which of two classes the calibrations are of.</param>
    /// <param name="metadata">What the file says besides.</param>
    /// <param name="calibration">
    /// Of several networks of two classes, the same of the mean of their probabilities, which are left as they are then; null takes the
    /// mean of their own calibrated ones.
    /// </param>
    /// <exception cref="ArgumentException">There is no network, they differ, or a calibration is not of two classes.</exception>
    /// <exception cref="NotSupportedException">A network is not one of this library's.</exception>
    /// <exception cref="IOException">The stream can't be written.</exception>
    public static void Write(
        Stream stream, IReadOnlyList<Member> members, int positive, IReadOnlyDictionary<string, string> metadata,
        (double Intercept, double Slope)? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(metadata);
        Check(members, calibration);
        members = calibration is null ? members : [.. members.Select(member => member with { Calibration = null })];
        using var guard = no_grad();
        var graph = new OnnxGraph();
        var writer = new Writer(graph, positive, calibration);
        Answers[] answers = [.. members.Select(writer.Write)];
        writer.Name(answers, members[0].Network);
        var version = typeof(OnnxModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        WriteWithSum(stream, graph.ToModel(members[0].Network.Spec.Name, ("CovidCt", version), metadata));
    }

    private static void WriteWithSum(Stream stream, ProtobufMessage model)
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            model.WriteTo(hashed);
        }

        stream.Write(OnnxSum.Entry(hash.Hash));
    }

    private static void Check(IReadOnlyList<Member> members, (double, double)? together)
    {
        if (members.Count == 0)
        {
            throw new ArgumentException("There is no network to write.", nameof(members));
        }

        var first = members[0].Network;
        foreach (var (network, calibration) in members)
        {
            if (network is not Backbone)
            {
                throw new NotSupportedException(
                    $"{network.Spec.Name} is not a network of this library, whose steps are known; it can't be written as ONNX.");
            }

            if (network.Spec != first.Spec || network.Classes != first.Classes)
            {
                throw new ArgumentException(
                    $"Networks of one file are of one kind; one is {first.Spec.Name} with {first.Classes} classes, another "
                        + $"{network.Spec.Name} with {network.Classes}.", nameof(members));
            }

            if ((calibration ?? together) is not null && network.Classes != 2)
            {
                throw new ArgumentException($"A calibration is of two classes, and there are {network.Classes}.", nameof(members));
            }
        }
    }

    private sealed record Answers(string Logits, string Probabilities, string Features, string Maps);

    private sealed class Writer
    {
        private const int Maps = 3;
        private const float Least = 1.17549435e-38f; // The smallest normal number: of 0 there is no logarithm.

        private readonly OnnxGraph _graph, _explained;
        private readonly string _images, _explain;
        private readonly int _positive;
        private readonly (double, double)? _calibration;
        private readonly OnnxSteps _steps, _explainedSteps;

        public Writer(OnnxGraph graph, int positive, (double, double)? calibration)
        {
            (_graph, _positive, _calibration, _explained) = (graph, positive, calibration, graph.Branch());
            (_images, _explain) = (graph.Input("images", "batch", 3, "height", "width"), graph.Switch("explain"));
            (_steps, _explainedSteps) = (new(graph), new(_explained));
        }

        public Answers Write(Member member)
        {
            var (bodyOf, headOf) = ((Backbone)member.Network).Parts;
            using var folded = new FoldedSteps(fused: false);
            var (body, head) = (folded.Fold(bodyOf), folded.Fold(headOf));
            var steps = member.CalibrationImages is { } batches ? new QuantisedSteps(_graph, RangeObserver.Of(body, batches)) : _steps;
            var map = steps.Write(body, new(_images, 3));
            var logits = _steps.Write(head, map).Name;
            var features = _steps.Write(Steps.GlobalPool, map).Name;
            return new(
                logits, Probabilities(logits, member.Calibration), features,
                new OnnxMaps(_explained, _explainedSteps).Write(head, map, features));
        }

        public void Name(Answers[] members, IBackbone network)
        {
            object[] places = members.Length == 1 ? ["batch"] : ["batch", members.Length];
            _graph.Output("logits", Together(_graph, members, one => one.Logits), [.. places, network.Classes]);
            _graph.Output("probabilities", Mean(members), "batch", network.Classes);
            _graph.Output("features", Together(_graph, members, one => one.Features), [.. places, network.Spec.FeatureWidth]);
            long[] none = [0, .. members.Length == 1 ? (long[])[] : [members.Length], Maps, network.Classes, 0, 0];
            var maps = _graph.If(
                _explain, (_explained, Together(_explained, members, one => one.Maps)), (_graph.Branch(), _graph.Constant([], none)),
                none.Length);
            _graph.Output("maps", maps, [.. places, Maps, network.Classes, "map_height", "map_width"]);
        }

        private string Probabilities(string logits, (double Intercept, double Slope)? calibration)
        {
            if (calibration is not var (intercept, slope))
            {
                return _graph.Add("Softmax", [logits], ("axis", 1));
            }

            // Two logits whose difference is the calibrated log-odds: as right for the rare class as for the other.
            float[] weights = _positive == 1 ? [0, -(float)slope, 0, (float)slope] : [(float)slope, 0, -(float)slope, 0];
            float[] shift = _positive == 1 ? [0, (float)intercept] : [(float)intercept, 0];
            var turned = _graph.Add("MatMul", [logits, _graph.Constant(weights, 2, 2)]);
            return _graph.Add("Softmax", [_graph.Add("Add", [turned, _graph.Constant(shift, 2)])], ("axis", 1));
        }

        private string Mean(Answers[] members)
        {
            var mean = members.Length == 1
                ? members[0].Probabilities
                : _graph.Add("Mean", [.. members.Select(one => one.Probabilities)]);
            // Logarithms of probabilities are logits that they are the softmax of.
            return _calibration is null
                ? mean
                : Probabilities(_graph.Add("Log", [_graph.Add("Max", [mean, _graph.Constant([Least], 1)])]), _calibration);
        }

        private static string Together(OnnxGraph graph, Answers[] members, Func<Answers, string> of) => members.Length == 1
            ? of(members[0])
            : graph.Add(
                "Concat", [.. members.Select(one => graph.Add("Unsqueeze", [of(one), graph.Integers(1)]))], ("axis", 1));
    }
}
