using System.Collections.Concurrent;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

[Collection(NativeMemory.Name)]
public sealed class CtClassifierTests(CtClassifierTests.Slices slices, ITestOutputHelper output) : IClassFixture<CtClassifierTests.Slices>, IDisposable
{
    private const string SqueezeNet = "squeezenet1_1";

    private static readonly BackboneFactory Factory = new();

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Images => slices.Images;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_thousand_predictions_from_many_threads_are_the_bits_of_one_thread_and_leak_nothing() =>
        Predictions_from_many_threads_are_the_bits_of_one_thread_and_leak_nothing(SqueezeNet, 125);

    [Theory]
    [InlineData(SqueezeNet, 25)]
    [InlineData("shufflenet_v2_x1_0", 10)]
    public void Predictions_from_many_threads_are_the_bits_of_one_thread_and_leak_nothing(string network, int each)
    {
        const int Threads = 8;
        using var classifier = Classifier(network);
        var decoder = new SkiaImageDecoder();
        var images = Array.ConvertAll(Images, decoder.DecodeFile);
        var alone = Array.ConvertAll(images, image => classifier.Classify(image).Probabilities.ToArray());
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        var answers = new ConcurrentBag<(int Image, double[] Probabilities)>();
        var faults = new ConcurrentBag<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            try
            {
                for (var i = 0; i < each; i++)
                {
                    var image = (i + number) % images.Length;
                    answers.Add((image, [.. classifier.Classify(images[image]).Probabilities]));
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

        Assert.Empty(faults);
        Assert.Equal(Threads * each, answers.Count);
        Assert.All(answers, answer => Assert.Equal(alone[answer.Image], answer.Probabilities));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void An_answer_has_the_probabilities_of_all_classes_and_the_likeliest_ones_name()
    {
        using var classifier = Classifier(SqueezeNet);
        foreach (var answer in Images.Select(image => classifier.Classify(image)))
        {
            Assert.Equal(2, answer.Probabilities.Count);
            Assert.Equal(1, answer.Probabilities.Sum(), 1e-12);
            Assert.Equal(answer.Probabilities[1], answer.Probability);
            Assert.Equal(answer.Probability > 0.5 ? "COVID" : "non-COVID", answer.Label);
        }
    }

    [Fact]
    public void A_path_its_content_and_the_decoded_image_have_one_answer()
    {
        using var classifier = Classifier(SqueezeNet);
        foreach (var image in Images)
        {
            var answer = classifier.Classify(image);
            var content = File.ReadAllBytes(image);
            Assert.Equal(answer.Probabilities, classifier.Classify(content.AsMemory()).Probabilities);
            Assert.Equal(answer.Probabilities, classifier.Classify(new SkiaImageDecoder().Decode(content)).Probabilities);
        }
    }

    [Fact]
    public void Gradients_are_not_kept_and_the_network_stays_in_evaluation_mode()
    {
        var backbone = Factory.Create("shufflenet_v2_x1_0", 2, seed: 1);
        backbone.Network.train();
        using var classifier = new CtClassifier(backbone, ModelFileTests.Description with { Network = "shufflenet_v2_x1_0" });
        var before = Training.Bits.Of(backbone);

        classifier.Classify(Images[0]);

        Assert.False(backbone.Network.training);
        Assert.All(backbone.Network.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(before, Training.Bits.Of(backbone));
    }

    [Fact]
    public void A_saved_network_answers_as_the_one_that_was_saved()
    {
        var backbone = Factory.Create(SqueezeNet, 2, seed: 5);
        var run = Directory.CreateDirectory(Path.Combine(_folder.Path, "run")).FullName;
        ModelFile.Save(Path.Combine(run, RunLayout.NetworkName), backbone, ModelFileTests.Description);
        using var original = new CtClassifier(backbone, ModelFileTests.Description);
        using var fromFile = CtClassifier.Load(Path.Combine(run, RunLayout.NetworkName));
        using var fromFolder = CtClassifier.Load(run);

        foreach (var image in Images)
        {
            Assert.Equal(original.Classify(image).Probabilities, fromFile.Classify(image).Probabilities);
            Assert.Equal(original.Classify(image).Probabilities, fromFolder.Classify(image).Probabilities);
        }
    }

    [Fact]
    public void An_explanation_is_the_answer_and_a_map_over_the_image()
    {
        using var classifier = Classifier("resnet18");
        foreach (var file in Images.Take(3))
        {
            var explained = classifier.Explain(file);
            var image = new SkiaImageDecoder().DecodeFile(file);

            Assert.Equal(classifier.Classify(file).Probabilities.ToArray(), explained.Answer.Probabilities.ToArray(), (one, other) => Math.Abs(one - other) < 1e-6);
            Assert.Equal(explained.Answer.Label, explained.Label);
            Assert.Equal((image.Width, image.Height), (explained.Image.Width, explained.Image.Height));
            Assert.Equal(image.Pixels.Length, explained.Heatmap.Length);
            Assert.All(explained.Heatmap, value => Assert.InRange(value, 0, 1));
            Assert.True(explained.Map.Raw.Max(Math.Abs) > 0);

            var picture = Path.Combine(_folder.Path, "new", "overlay.png");
            explained.SaveOverlay(picture);
            var overlay = new SkiaImageDecoder().DecodeFile(picture);
            Assert.Equal((image.Width, image.Height), (overlay.Width, overlay.Height));
        }
    }

    [Fact]
    public void Either_class_is_explained_by_its_name()
    {
        using var classifier = Classifier("shufflenet_v2_x1_0");
        var one = classifier.Explain(Images[0], new GradCamOptions { Method = CamMethod.LayerCam }, "COVID");
        var other = classifier.Explain(Images[0], new GradCamOptions { Method = CamMethod.LayerCam }, "non-COVID");

        Assert.Equal((1, 0), (one.Map.Class, other.Map.Class));
        Assert.NotEqual(one.Map.Raw, other.Map.Raw);
        var error = Assert.Throws<ArgumentException>(() => classifier.Explain(Images[0], new GradCamOptions(), "flu"));
        Assert.Contains("non-COVID", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SqueezeNet)]
    [InlineData("shufflenet_v2_x1_0")]
    public void Explanations_while_others_classify_are_the_bits_of_one_thread_and_leak_nothing(string network)
    {
        using var classifier = Classifier(network);
        var images = Array.ConvertAll(Images, new SkiaImageDecoder().DecodeFile);
        var maps = Array.ConvertAll(images, image => classifier.Explain(image).Heatmap);
        var answers = Array.ConvertAll(images, image => classifier.Classify(image).Probabilities.ToArray());
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        var faults = new ConcurrentBag<Exception>();
        var threads = Enumerable.Range(0, 6).Select(number => new Thread(() =>
        {
            try
            {
                for (var i = 0; i < 8; i++)
                {
                    var image = (i + number) % images.Length;
                    if (number % 2 == 0)
                        Assert.Equal(maps[image], classifier.Explain(images[image]).Heatmap);
                    else
                        Assert.Equal(answers[image], classifier.Classify(images[image]).Probabilities);
                }
            }
            catch (Exception e)
            {
                faults.Add(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(faults);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(SqueezeNet, "features.12")]
    [InlineData("shufflenet_v2_x1_0", "stage4")]
    public void What_is_explained_is_answered_as_what_is_classified_to_the_bit(string network, string layer)
    {
        using var classifier = Classifier(network);
        foreach (var image in Images.Take(4).Select(new SkiaImageDecoder().DecodeFile))
        {
            var answer = classifier.Classify(image).Probabilities;
            Assert.Equal(answer, classifier.Explain(image).Answer.Probabilities);
            Assert.Equal(answer, classifier.Explain(image, new GradCamOptions { Layer = layer }, "COVID").Answer.Probabilities);
        }
    }

    [Fact]
    public void An_answer_names_the_class_of_its_probability_and_equals_another_of_the_same_values()
    {
        using var classifier = Classifier(SqueezeNet);
        var answer = classifier.Classify(Images[0]);

        Assert.Equal("COVID", answer.Positive);
        Assert.Equal(answer, classifier.Classify(Images[0]));
        Assert.NotEqual(answer, classifier.Classify(Images[1]));
    }

    [Fact]
    public void A_path_its_content_a_stream_and_the_decoded_image_have_one_explanation()
    {
        using var classifier = Classifier(SqueezeNet);
        var (options, content) = (new GradCamOptions { Method = CamMethod.LayerCam }, File.ReadAllBytes(Images[0]));
        var image = new SkiaImageDecoder().Decode(content);
        using var stream = File.OpenRead(Images[0]);
        using var again = new MemoryStream(content);
        using var asked = new MemoryStream(content);

        Assert.Equal(classifier.Classify(image), classifier.Classify(asked));
        ExplainedImage[] first =
            [classifier.Explain(image), classifier.Explain(Images[0]), classifier.Explain(content.AsMemory()), classifier.Explain(stream)];
        ExplainedImage[] second =
        [
            classifier.Explain(image, options, "COVID"), classifier.Explain(Images[0], options, "COVID"),
            classifier.Explain(content.AsMemory(), options, "COVID"), classifier.Explain(again, options, "COVID"),
        ];
        Assert.All(first.Concat(second), one => Assert.Equal(first[0].Answer, one.Answer));
        Assert.All(first, one => Assert.Equal(first[0].OverlayPng(), one.OverlayPng()));
        Assert.All(second, one => Assert.Equal(second[0].OverlayPng(), one.OverlayPng()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(19)]
    public async Task Many_images_at_once_have_the_answers_of_one_at_a_time(int count)
    {
        using ICtClassifier classifier = SmallNetworks.Classifier();
        using var ensemble = new CtEnsemble([SmallNetworks.Classifier(seed: 1), SmallNetworks.Classifier(seed: 2)]);
        var images = Enumerable.Range(0, count).Select(i => TestImages.Noise(60 + i, 45)).ToList();
        foreach (var one in new[] { classifier, ensemble })
        {
            var alone = images.Select(one.Classify).ToList();
            var together = one.Classify(images, Cancellation);
            var streamed = await one.ClassifyAsync(images.ToAsyncEnumerable(), Cancellation).ToListAsync(Cancellation);

            Assert.Equal(count, together.Count);
            Assert.Equal(together, streamed);
            Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-6));
            Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First.Members.Count, pair.Second.Members.Count));
        }
    }

    [Fact]
    public void No_images_have_no_answers()
    {
        using var classifier = SmallNetworks.Classifier();
        Assert.Empty(classifier.Classify([], Cancellation));
    }

    [Fact]
    public async Task Images_are_answered_about_as_they_come()
    {
        using var classifier = SmallNetworks.Classifier();
        var images = System.Threading.Channels.Channel.CreateUnbounded<GrayImage>();
        await using var answers = classifier.ClassifyAsync(images.Reader.ReadAllAsync(Cancellation), Cancellation).GetAsyncEnumerator(Cancellation);
        for (var i = 0; i < 3; i++)
        {
            images.Writer.TryWrite(TestImages.Noise(60 + i, 45));
            Assert.True(await answers.MoveNextAsync());
            Assert.Equal(classifier.Classify(TestImages.Noise(60 + i, 45)).Probability, answers.Current.Probability, 1e-6);
        }

        // Who leaves while no image has come leaves nothing waiting.
    }

    [Fact]
    public async Task Many_images_can_be_cancelled_and_a_source_that_fails_is_told_after_what_it_gave()
    {
        using var classifier = SmallNetworks.Classifier();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => classifier.Classify([TestImages.Noise(60, 45)], source.Token));

        var answered = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var _ in classifier.ClassifyAsync(Failing(), Cancellation))
            {
                answered++;
            }
        });
        Assert.Equal(2, answered);

        static async IAsyncEnumerable<GrayImage> Failing()
        {
            yield return TestImages.Noise(60, 45);
            yield return TestImages.Noise(61, 45);
            await Task.Yield();
            throw new IOException("The disk is gone.");
        }
    }

    [Fact]
    public void A_picture_is_no_larger_than_asked_for_and_its_map_lies_where_it_lay()
    {
        using var classifier = SmallNetworks.Classifier();
        var image = TestImages.Noise(600, 300);
        var whole = classifier.Explain(image);
        var small = classifier.Explain(image, new GradCamOptions { LargestSide = 200 }, null);

        Assert.Same(image, whole.Image);
        Assert.Equal((200, 100), (small.Image.Width, small.Image.Height));
        Assert.Equal(whole.Answer, small.Answer);
        Assert.Equal(whole.Map.Raw, small.Map.Raw);
        Assert.Equal(whole.Geometry with { Original = new(200, 100) }, small.Geometry);
        Assert.Equal(whole.Map.OnOriginal(small.Geometry), small.Heatmap);
        Assert.Contains("LargestSide", Assert.Throws<ArgumentException>(() => classifier.Explain(image, new GradCamOptions { LargestSide = 1 }, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_picture_as_large_as_is_decoded_costs_its_decoding_and_little_more()
    {
        const int Side = 8190;
        var row = new byte[4 * Side];
        var file = TestImages.Png(Side, Side, 8, 6, [.. Enumerable.Range(0, Side).SelectMany(_ => row)]);
        using var classifier = SmallNetworks.Classifier();
        classifier.Explain(TestImages.Noise(60, 45)).OverlayPng();
        var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), System.Diagnostics.Stopwatch.StartNew());

        var explained = classifier.Explain(file.AsMemory());
        var png = explained.OverlayPng();

        var (allocated, peak) = ((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20);
        output.WriteLine($"{file.Length >> 10} kB of PNG: {clock.Elapsed.TotalSeconds:0.0} s, {allocated} MiB taken, {png.Length >> 10} kB of picture; the process's peak is {peak} MiB.");
        Assert.Equal((2048, 2048), (explained.Image.Width, explained.Image.Height));
        Assert.InRange(allocated, 0, ((5L * Side * Side) >> 20) + 100);
    }

    [Fact]
    public void A_device_that_is_not_there_is_told_before_anything_is_loaded()
    {
        Assert.SkipWhen(cuda.is_available(), "there is a card");
        Assert.Contains("cpu", Assert.Throws<ArgumentException>(() => CtClassifier.Load("nowhere", Factory, device: ComputeDevice.Cuda)).Message, StringComparison.Ordinal);
        Assert.Contains("cpu", Assert.Throws<ArgumentException>(() => CtEnsemble.Load("nowhere", Factory, device: ComputeDevice.Cuda)).Message, StringComparison.Ordinal);
        Assert.Contains("cpu", Assert.Throws<ArgumentException>(() => CtClassifier.FromWeights(SqueezeNet, "nowhere", ComputeDevice.Cuda)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_weights_answer_with_class_numbers()
    {
        var file = Path.Combine(_folder.Path, "weights.safetensors");
        using (var backbone = Factory.Create(SqueezeNet, 1000, seed: 5))
        {
            BackboneWeights.Save(backbone, file);
        }

        using var classifier = CtClassifier.FromWeights(SqueezeNet, file);
        var answer = classifier.Classify(Images[0]);

        Assert.Equal(1000, answer.Probabilities.Count);
        Assert.Equal(1, answer.Probabilities.Sum(), 1e-9);
        Assert.Equal(answer.Probabilities.Max(), answer.Probabilities[int.Parse(answer.Label, System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Equal(new ImageSize(335, 255), classifier.Model.Input);
    }

    [Fact]
    public void Weights_of_another_network_or_of_none_are_told()
    {
        var file = Path.Combine(_folder.Path, "weights.safetensors");
        using (var backbone = Factory.Create(SqueezeNet, 1000))
        {
            BackboneWeights.Save(backbone, file);
        }

        Assert.Contains(file, Assert.Throws<WeightsException>(() => CtClassifier.FromWeights("resnet18", file)).Message, StringComparison.Ordinal);
        Assert.Contains(file, Assert.Throws<WeightsException>(() => CtClassifier.Load(file)).Message, StringComparison.Ordinal);
        Assert.Throws<WeightsException>(() => CtClassifier.FromWeights(SqueezeNet, file + ".missing"));
        Assert.Throws<WeightsException>(() => CtClassifier.Load(_folder.Path));
        Assert.Contains("resnet19", Assert.Throws<ArgumentException>(() => CtClassifier.FromWeights("resnet19", file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_told_rather_than_answered_with()
    {
        var backbone = Factory.Create(SqueezeNet, 2);
        using (no_grad())
        {
            backbone.TrainableParameters(NetworkPart.Head)[0].Parameter.fill_(float.NaN);
        }

        using var classifier = new CtClassifier(backbone, ModelFileTests.Description);
        Assert.Contains(SqueezeNet, Assert.Throws<WeightsException>(() => classifier.Classify(Images[0])).Message, StringComparison.Ordinal);
        Assert.Contains(SqueezeNet, Assert.Throws<WeightsException>(() => classifier.Explain(Images[0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_image_is_rejected_with_the_reason()
    {
        using var classifier = Classifier(SqueezeNet);
        var text = _folder.Write("text.png", "not an image");

        Assert.Throws<ImageRejectedException>(() => classifier.Classify(text));
        Assert.Throws<ImageRejectedException>(() => classifier.Classify(text + ".missing"));
        Assert.Throws<ImageRejectedException>(() => classifier.Classify(_folder.Path));
        Assert.Throws<ImageRejectedException>(() => classifier.Classify(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void A_decoder_of_ones_own_is_asked()
    {
        using var classifier = new CtClassifier(Factory.Create(SqueezeNet, 2), ModelFileTests.Description, new Refuser());
        Assert.Equal("No.", Assert.Throws<ImageRejectedException>(() => classifier.Classify(Images[0])).Message);
    }

    [Fact]
    public void After_its_disposal_it_says_so()
    {
        var classifier = Classifier(SqueezeNet);
        classifier.Dispose();
        classifier.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(Images[0]));
        Assert.Throws<ObjectDisposedException>(() => classifier.Explain(Images[0]));
    }

    private static CtClassifier Classifier(string network) =>
        new(Factory.Create(network, 2, seed: 11), ModelFileTests.Description with { Network = network });

    public sealed class Slices : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Slices()
        {
            Phantom.Write(_folder.Path, patients: 4);
            Images = [.. Directory.GetFiles(Path.Combine(_folder.Path, "images")).Order(StringComparer.Ordinal)];
        }

        public string[] Images { get; }

        public void Dispose() => _folder.Dispose();
    }

    private sealed class Refuser : IImageDecoder
    {
        public GrayImage Decode(ReadOnlyMemory<byte> file) => throw new ImageRejectedException("No.");
    }
}
