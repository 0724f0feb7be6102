using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Networks;
using Microsoft.ML.OnnxRuntime;

namespace CovidCt.Onnx;

/// <summary>
/// A trained network, or several as one, in an ONNX file that <c>covidct export</c> or <c>OnnxExport</c> wrote, which answers by ONNX
/// Runtime, without libtorch. It may be called from many threads at once.
/// </summary>
/// <remarks>
/// <para>
/// Answers are those of <c>CtClassifier</c> and <c>CtEnsemble</c> but for rounding, and so are maps, which the file makes by itself at the
/// last feature map; other layers are not in it.
/// </para>
/// <para>The application adds the native package, such as Microsoft.ML.OnnxRuntime.</para>
/// <para>It is not a medical device, and its answers are not a diagnosis.</para>
/// </remarks>
public sealed class OnnxClassifier : ImageClassifier
{
    private static readonly string[] Answered = [OnnxFile.Logits, OnnxFile.Features];
    private static readonly string[] Explained = [OnnxFile.Logits, OnnxFile.Features, OnnxFile.Maps];

    private readonly OnnxFile _file;
    private readonly Uses _uses;

    private OnnxClassifier(OnnxFile file, IImageDecoder? decoder) : base(file.Model, decoder)
    {
        _file = file;
        _uses = new(this, file.Dispose);
    }

    /// <summary>The number of networks.</summary>
    public int Count => _file.Members.Count;

    /// <inheritdoc/>
    public override bool IsCalibrated =>
        _file.Together.Calibration is not null || _file.Members.All(member => member.Calibration is not null);

    /// <inheritdoc/>
    public override double? SetLevel => _file.Together.Sets?.Level
        ?? (_file.Members.Select(member => member.Sets?.Level).Distinct().ToList() is [{ } one] ? one : null);

    /// <summary>Whether every network carries the features of its training images, so that inputs unlike them are told.</summary>
    public bool HasReference => _file.Members.All(member => member.Reference is not null);

    /// <summary>A classifier from an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decoder">Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>.</param>
    /// <param name="threads">The threads of one answer, at least 1; null is as many as ONNX Runtime takes.</param>
    /// <exception cref="WeightsException">
    /// The file is missing, is not what was exported, or ONNX Runtime is not beside the application.
    /// </exception>
    public static OnnxClassifier Load(string path, IImageDecoder? decoder = null, int? threads = null)
    {
        if (threads is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(threads));
        }

        return new(OnnxFile.Open(path, threads), decoder);
    }

    /// <inheritdoc/>
    public override Classification Classify(GrayImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var use = _uses.Begin();
        return Answers([image])[0] with { ImageNote = image.Note };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Classification> Classify(
        IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default)
    {
        using var use = _uses.Begin();
        return InBatches(images, Answers, cancellationToken);
    }

    private Classification[] Answers(GrayImage[] images)
    {
        var results = Run(images, Answered, out _);
        return [.. images.Select((_, image) => results.Answer(image))];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A layer is named: an ONNX file has the maps of the last feature map alone.</exception>
    public override ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);
        if (options.Layer is { } layer)
        {
            throw new ArgumentException(
                $"{_file.Path} has no maps of the layer '{layer}': an ONNX file has those of the last feature map alone.", nameof(options));
        }

        using var use = _uses.Begin();
        int? wanted = label is null ? null : ClassOf(label);
        var results = Run([image], Explained, out var geometry);
        var answer = results.Answer(0) with { ImageNote = image.Note };
        var number = wanted ?? ClassOf(answer.Label);
        return ExplainedImage.Of(answer, Model.Classes[number], results.Map(options.Method, number), image, geometry, options.LargestSide);
    }

    /// <summary>
    /// Frees the networks. Answers that are under way are finished, and the last one frees them; later calls end in an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public override void Dispose() => _uses.Dispose();

    private Results Run(GrayImage[] images, string[] outputs, out CanvasGeometry geometry)
    {
        var input = new float[images.Length * _file.Input.Length];
        geometry = null!;
        for (var i = 0; i < images.Length; i++)
        {
            geometry = _file.Input.Write(images[i], input.AsSpan(i * _file.Input.Length, _file.Input.Length));
        }

        try
        {
            using var value = OrtValue.CreateTensorValueFromMemory(input, _file.Input.Shape(images.Length));
            using var explain = OrtValue.CreateTensorValueFromMemory((bool[])[outputs.Contains(OnnxFile.Maps)], []);
            using var options = new RunOptions();
            using var values = _file.Session.Run(options, [OnnxFile.Images, OnnxFile.Explain], [value, explain], outputs);
            return new Results(this, images.Length, [.. values.Select(output => output.GetTensorDataAsSpan<float>().ToArray())],
                values[^1].GetTensorTypeAndShape().Shape).Checked();
        }
        catch (OnnxRuntimeException e)
        {
            throw new WeightsException($"{_file.Path} can't be run as a trained network in ONNX: {OnnxFile.Reason(e)}", e);
        }
    }

    /// <summary>What a run answered.</summary>
    /// <param name="Classifier">Whose networks ran.</param>
    /// <param name="Images">How many images were asked about.</param>
    /// <param name="Values">Of each output its numbers.</param>
    /// <param name="LastShape">The shape of the last output.</param>
    private sealed record Results(OnnxClassifier Classifier, int Images, float[][] Values, long[] LastShape)
    {
        private const int Methods = 3;

        private ModelDescription Model => Classifier.Model;

        private IReadOnlyList<OnnxFile.Member> Members => Classifier._file.Members;

        /// <summary>The same, where each output has as many numbers as the file says.</summary>
        /// <exception cref="WeightsException">One hasn't.</exception>
        public Results Checked()
        {
            var rows = Images * Members.Count;
            var places = Values.Length > 2 ? LastShape[^2] * LastShape[^1] * Methods * Model.Classes.Count : 0;
            return Values[0].Length == rows * Model.Classes.Count && Values[1].Length == rows * Classifier._file.FeatureWidth
                && (Values.Length == 2 || Values[2].Length == rows * places)
                ? this
                : throw new WeightsException($"{Classifier._file.Path} answers other numbers than it says; export the network again.");
        }

        public Classification Answer(int image)
        {
            Classification[] answers = [.. Members.Select((member, i) => Answer(image, member, i))];
            var (calibration, sets, _) = Classifier._file.Together;
            return answers is [var only] ? only : Classifier.Together(answers, calibration, sets);
        }

        public ClassActivationMap Map(CamMethod method, int number)
        {
            var (height, width) = ((int)LastShape[^2], (int)LastShape[^1]);
            ClassActivationMap[] maps =
            [
                .. Members.Select((_, member) =>
                {
                    var place = (((member * Methods) + (int)method) * Model.Classes.Count) + number;
                    var raw = Values[2].AsSpan(place * width * height, width * height).ToArray();
                    return new ClassActivationMap(number, Row(0, 0, member)[number], width, height, raw);
                }),
            ];
            return maps is [var only] ? only : ClassActivationMap.Mean(maps);
        }

        private Classification Answer(int image, OnnxFile.Member member, int number)
        {
            var probabilities = Softmax(Row(0, image, number));
            return Classifier.Answer(probabilities, member.Calibration, member.Sets, member.Reference?.Measure(Row(1, image, number)));
        }

        /// <summary>One network's numbers about one image.</summary>
        private ReadOnlySpan<float> Row(int output, int image, int member)
        {
            var length = Values[output].Length / Images / Members.Count;
            return Values[output].AsSpan(((image * Members.Count) + member) * length, length);
        }

        private double[] Softmax(ReadOnlySpan<float> logits)
        {
            var most = double.NegativeInfinity;
            foreach (var logit in logits)
            {
                most = Math.Max(most, logit);
            }

            var values = new double[logits.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Math.Exp(logits[i] - most);
            }

            var sum = values.Sum();
            return double.IsFinite(sum)
                ? Array.ConvertAll(values, value => value / sum)
                : throw new WeightsException(
                    $"The weights of {Model.Network} hold NaN or values beyond all bounds: it answers no numbers. Use other weights.");
        }
    }
}
