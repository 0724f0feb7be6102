using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CovidCt.Models.Tests.Parity;
using CovidCt.Models.Weights;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Weights;

/// <summary>Weights from PyTorch and back to it, by torchvision's own networks.</summary>
[Trait("Category", "Long")]
public sealed class PythonRoundTripTests(PythonWorker python) : IClassFixture<PythonWorker>
{
    private const double Tolerance = 1e-4; // of the standard deviation of the reference's logits

    public static TheoryData<string> All => Networks.Sampled;

    [Theory]
    [MemberData(nameof(All))]
    public void A_checkpoint_comes_in_and_a_fine_tuned_network_goes_back(string name)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(PythonWorker.Interpreter), "COVIDCT_PYTHON is not set.");
        var checkpoint = PathOf($"{name}.pth");
        var old = PathOf($"{name}-legacy.pth");
        var own = PathOf($"{name}-own.pth");
        var safetensors = PathOf($"{name}-own.safetensors");
        try
        {
            var answers = python.Ask("make", name, python.Folder).GetProperty("logits").GetBoolean();
            LoadsAndAnswers(name, checkpoint, TensorFormat.PyTorch, answers);
            LoadsAndAnswers(name, old, TensorFormat.PyTorchLegacy, answers);

            using var tuned = FineTuned(name, checkpoint);
            File.Delete(checkpoint);
            File.Delete(old);
            GoesBack(tuned, own);
            GoesBack(tuned, safetensors, new Dictionary<string, string> { ["note"] = "fine-tuned" });
        }
        finally
        {
            foreach (var file in Directory.GetFiles(python.Folder, $"{name}*"))
            {
                File.Delete(file);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(python.Folder, name);

    /// <summary>A file of Python loads strictly and answers what the reference answers.</summary>
    private void LoadsAndAnswers(string name, string path, TensorFormat format, bool answers)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var backbone = Networks.Factory.Create(name, 1000, seed: 1);
        using (var file = TensorFile.Open(path))
        {
            Assert.Equal(format, file.Format);
        }

        BackboneWeights.Load(backbone, path);

        backbone.Network.eval();
        if (answers)
        {
            AssertAnswers(Floats(PathOf($"{name}.logits")), backbone.Network.call(Input(name)));
        }
        else
        {
            ParityTests.AssertAnswers(Fixtures.Goldens.First(golden => golden.Name == name).Golden.Square, backbone);
        }
    }

    /// <summary>A network of two classes that one step of training has moved from the checkpoint's weights.</summary>
    private IBackbone FineTuned(string name, string path)
    {
        using var scope = NewDisposeScope();

        // With some seeds, the ReLU behind SqueezeNet's head answers both classes with 0.
        var backbone = BackboneWeights.LoadPretrained(Networks.Factory, name, path, classes: 2, seed: 8);
        manual_seed(3); // of dropout
        backbone.Network.train();
        nn.functional.cross_entropy(backbone.Network.call(Input(name)), tensor([0L, 1L])).backward();
        using var noGradient = no_grad();
        foreach (var (_, parameter) in backbone.TrainableParameters(NetworkPart.All))
        {
            parameter.sub_(parameter.grad!.sign() * 1e-4);
        }

        backbone.Network.eval();
        return backbone;
    }

    /// <summary>A file of ours loads strictly in Python and answers what the network answers here.</summary>
    private void GoesBack(IBackbone backbone, string path, Dictionary<string, string>? metadata = null)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var name = backbone.Spec.Name;
        BackboneWeights.Save(backbone, path, metadata);

        var answer = python.Ask("check", name, path);

        Assert.Equal(Digest(backbone), answer.GetProperty("digest").GetString());
        if (answer.GetProperty("logits").GetBoolean())
        {
            AssertAnswers(Floats($"{path}.logits"), backbone.Network.call(Input(name)));
        }
        else
        {
            Assert.Equal("xception", name);
        }

        File.Delete(path);
    }

    private static void AssertAnswers(float[] expected, Tensor logits)
    {
        var mean = expected.Average(value => (double)value);
        var deviation = Math.Sqrt(expected.Sum(value => (value - mean) * (value - mean)) / (expected.Length - 1));
        var worst = expected.Zip(logits.data<float>().ToArray()).Max(pair => Math.Abs((double)pair.First - pair.Second));
        var apart = expected.Take(expected.Length / 2).Zip(expected.Skip(expected.Length / 2)).Max(pair => Math.Abs((double)pair.First - pair.Second));
        TestContext.Current.TestOutputHelper?.WriteLine($"off by {worst / deviation:E1} of the standard deviation, and the images {apart / deviation:E1} apart");
        Assert.Equal(expected.Length, logits.numel());
        Assert.True(apart > 10 * Tolerance * deviation, "the two images get the same answer, which proves little");
        Assert.True(worst <= Tolerance * deviation, $"off by {worst / deviation} of the standard deviation");
    }

    private Tensor Input(string name) => tensor(Floats(PathOf($"{name}.input"))).reshape(2, 3, 96, 112);

    private static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();

    /// <summary>SHA-256 of every key and its numbers, in the order of the state_dict.</summary>
    private static string Digest(IBackbone backbone)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in backbone.Network.state_dict())
        {
            sha.AppendData(Encoding.UTF8.GetBytes(key));
            sha.AppendData(value.bytes);
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
