using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Tests;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

/// <summary>Maps of real images at the canvas size, against autograd through torchvision's networks.</summary>
[Trait("Category", "Long")]
public sealed class GradCamReferenceTests
{
    private const int Images = 6;

    [Fact]
    public void SqueezeNet_with_published_weights_has_the_maps_of_PyTorch()
    {
        using var backbone = BackboneWeights.LoadPretrained(new BackboneFactory(), "squeezenet1_1", RealData.SqueezeNetWeights());
        MapsAreThoseOfPyTorch(backbone);
    }

    [Fact]
    public void ResNet18_has_the_maps_of_PyTorch()
    {
        using var backbone = new BackboneFactory().Create("resnet18", 1000, seed: 18);
        MapsAreThoseOfPyTorch(backbone);
    }

    private static void MapsAreThoseOfPyTorch(IBackbone backbone)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var images = RealImages.Input(backbone.Spec, Images).Images;
        BackboneWeights.Save(backbone, folder["network.pth"]);
        folder.Write("images", images.contiguous().bytes.ToArray());
        var (height, width) = (backbone.Spec.Canvas.Height, backbone.Spec.Canvas.Width);

        Python("explain", backbone.Spec.Name, folder["network.pth"], Number(Images), Number(height), Number(width), folder["images"], folder["maps.json"]);

        var reference = JsonSerializer.Deserialize<ReferenceCam>(File.ReadAllText(folder["maps.json"]))!;
        foreach (var method in Enum.GetValues<CamMethod>())
        {
            foreach (var backward in new[] { false, true })
            {
                var cam = new GradCam(backbone, new GradCamOptions { Method = method }) { AlwaysBackward = backward };
                var worst = reference.Compare(method, cam.Explain(images), 1e-4);
                TestContext.Current.TestOutputHelper?.WriteLine($"{backbone.Spec.Name} {method}, backward {backward}: off by {worst:E1} of the maximum");
            }
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Python(params string[] arguments)
    {
        var python = Environment.GetEnvironmentVariable("COVIDCT_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "COVIDCT_PYTHON is not set.");
        var script = Path.Combine(AppContext.BaseDirectory, "Explanation", "Reference", "cams.py");
        using var process = Process.Start(new ProcessStartInfo(python!, ["-B", script, .. arguments]) { RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, complaints);
    }
}

/// <summary>Images of the real data as a network takes them.</summary>
internal static class RealImages
{
    /// <summary>Some images, spread over the data set: float32 [N, 3, H, W], and how each lies on its canvas.</summary>
    public static (Tensor Images, IReadOnlyList<CanvasGeometry> Geometries) Input(BackboneSpec spec, int count)
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        var options = new CanvasOptions();
        var (transform, decoder) = (new CanvasTransform(options), new SkiaImageDecoder());
        var canvases = Enumerable.Range(0, count)
            .Select(i => dataset.Samples[i * dataset.Samples.Count / count])
            .Select(sample => transform.Apply(decoder.DecodeFile(dataset.FullPath(sample)), spec.Canvas))
            .ToList();
        var augmenter = new Augmenter(AugmentationOptions.None, spec.Normalisation, options.Fill);
        using var scope = NewDisposeScope();
        var images = canvases.Select(canvas =>
        {
            using var batch = CanvasBatch.Of(canvas);
            return augmenter.Prepare(batch);
        });
        return (cat([.. images], 0).MoveToOuterDisposeScope(), [.. canvases.Select(canvas => canvas.Geometry)]);
    }
}
