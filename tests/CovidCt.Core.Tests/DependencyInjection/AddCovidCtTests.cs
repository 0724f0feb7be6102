using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Registration;
using CovidCt.Studies;
using CovidCt.Tests;
using CovidCt.Weights;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CovidCt.Core.Tests.DependencyInjection;

public sealed class AddCovidCtTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(typeof(IBackboneFactory))]
    [InlineData(typeof(IImageDecoder))]
    [InlineData(typeof(CanvasTransform))]
    [InlineData(typeof(Study))]
    [InlineData(typeof(WeightsStore))]
    [InlineData(typeof(ICtClassifier))]
    public void Every_service_is_there_once_for_the_application(Type service)
    {
        var model = Model();
        using var provider = new ServiceCollection().AddCovidCt(options => options.Model = model)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        using var scope = provider.CreateScope();

        Assert.Same(provider.GetRequiredService(service), scope.ServiceProvider.GetRequiredService(service));
    }

    [Fact]
    public void The_classifier_is_the_model_of_the_options_and_goes_with_the_container()
    {
        ICtClassifier classifier;
        using (var provider = new ServiceCollection().AddCovidCt(options => options.Model = Path.GetDirectoryName(Model())).BuildServiceProvider())
        {
            classifier = provider.GetRequiredService<ICtClassifier>();
            Assert.Equal("squeezenet1_1", classifier.Model.Network);
            classifier.Classify(new GrayImage(32, 24, new byte[32 * 24]));
        }

        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(new GrayImage(32, 24, new byte[32 * 24])));
    }

    [Fact]
    public void The_canvas_is_that_of_the_options()
    {
        using var provider = new ServiceCollection().AddCovidCt(options => options.Canvas.Fit = CanvasFit.Stretch).BuildServiceProvider();
        var canvas = provider.GetRequiredService<CanvasTransform>().Apply(new GrayImage(20, 20, new byte[400]), new(40, 20));
        Assert.Equal(new ImageSize(40, 20), canvas.Geometry.Scaled);
    }

    [Fact]
    public void The_store_of_weights_is_that_of_the_options()
    {
        using var provider = new ServiceCollection().AddCovidCt()
            .Configure<WeightsStoreOptions>(options => (options.Folder, options.Offline) = (_folder.Path, true)).BuildServiceProvider();
        var store = provider.GetRequiredService<WeightsStore>();
        Assert.Equal(_folder.Path, store.Folder);
        Assert.True(store.IsOffline);
    }

    [Fact]
    public void Wrong_options_of_the_store_are_told()
    {
        using var provider = new ServiceCollection().AddCovidCt().Configure<WeightsStoreOptions>(options => options.Attempts = 0).BuildServiceProvider();
        Assert.Contains("Attempts", Assert.Throws<OptionsValidationException>(provider.GetRequiredService<WeightsStore>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_application_registered_is_kept_and_used()
    {
        var decoder = new White();
        using var provider = new ServiceCollection().AddSingleton<IImageDecoder>(decoder).AddCovidCt(options => options.Model = Model()).BuildServiceProvider();

        Assert.Same(decoder, provider.GetRequiredService<IImageDecoder>());
        provider.GetRequiredService<ICtClassifier>().Classify(new byte[] { 1 }.AsMemory());
        Assert.Equal(1, decoder.Calls);
    }

    [Fact]
    public void Without_a_model_the_classifier_says_what_to_set_and_the_rest_works()
    {
        using var provider = new ServiceCollection().AddCovidCt().BuildServiceProvider();

        provider.GetRequiredService<Study>();
        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<ICtClassifier>);

        Assert.Contains("CovidCtOptions.Model", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(CanvasTransform))]
    [InlineData(typeof(Study))]
    [InlineData(typeof(WeightsStore))]
    [InlineData(typeof(ICtClassifier))]
    public void Without_a_host_wrong_options_are_told_on_first_resolve(Type service)
    {
        using var provider = new ServiceCollection().AddCovidCt(options =>
        {
            options.Model = "nowhere/network.safetensors";
            options.Canvas.Fit = (CanvasFit)9;
        }).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService(service));

        Assert.Contains("nowhere/network.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_host_wrong_options_are_told_at_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddCovidCt(options => options.Model = "nowhere/network.safetensors");
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("nowhere/network.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_host_right_options_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddCovidCt(options => options.Model = Model());
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(host.Services.GetRequiredService<ICtClassifier>());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_canvas_that_is_missing_is_told()
    {
        using var provider = new ServiceCollection().AddCovidCt(options => options.Canvas = null!).BuildServiceProvider();
        Assert.Contains("Canvas", Assert.Throws<OptionsValidationException>(provider.GetRequiredService<CanvasTransform>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_told_by_name()
    {
        var file = _folder.Write("network.safetensors", "text");
        using var provider = new ServiceCollection().AddCovidCt(options => options.Model = file).BuildServiceProvider();
        Assert.Contains(file, Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public async Task With_a_host_a_file_that_is_cut_off_is_told_at_start(double share)
    {
        var model = Model();
        var content = File.ReadAllBytes(model);
        File.WriteAllBytes(model, content[..(int)(share * content.Length)]);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddCovidCt(options => options.Model = model);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(model, error.Message, StringComparison.Ordinal);
        Assert.Single(error.Failures);
    }

    [Fact]
    public void A_damaged_calibration_beside_a_network_is_told_too()
    {
        var run = Path.GetDirectoryName(Model())!;
        File.WriteAllText(new RunLayout(run).Calibration, "{");
        using var provider = new ServiceCollection().AddCovidCt(options => options.Model = run).BuildServiceProvider();
        Assert.Contains(
            new RunLayout(run).Calibration, Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ICtClassifier>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_an_ensemble_is_a_model_too()
    {
        var file = _folder["ensemble.safetensors"];
        using var ensemble = new CtEnsemble([Inference.SmallNetworks.Classifier(seed: 1), Inference.SmallNetworks.Classifier(seed: 2)]);
        ensemble.Save(file);
        var image = TestImages.Noise(40, 30);
        using var provider = new ServiceCollection().AddCovidCt(options => options.Model = file).BuildServiceProvider();

        var classifier = provider.GetRequiredService<ICtClassifier>();

        Assert.Equal(ensemble.Classify(image), classifier.Classify(image));
    }

    [Fact]
    public void As_many_models_as_are_wanted_are_asked_for_by_name()
    {
        var file = _folder["ensemble.safetensors"];
        using var ensemble = new CtEnsemble([Inference.SmallNetworks.Classifier(seed: 1), Inference.SmallNetworks.Classifier(seed: 2)]);
        ensemble.Save(file);
        var image = TestImages.Noise(40, 30);
        using var provider = new ServiceCollection().AddCovidCt("lungs", options => options.Model = Model())
            .AddCovidCt("both", new ConfigurationBuilder().AddInMemoryCollection([new("Model", file), new("Device", "Auto")]).Build())
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.Null(provider.GetService<ICtClassifier>());
        Assert.Equal(ensemble.Classify(image), provider.GetRequiredKeyedService<ICtClassifier>("both").Classify(image));
        Assert.Equal("squeezenet1_1", provider.GetRequiredKeyedService<ICtClassifier>("lungs").Model.Network);
        Assert.Same(provider.GetRequiredKeyedService<ICtClassifier>("lungs"), provider.GetRequiredKeyedService<ICtClassifier>("lungs"));
    }

    [Fact]
    public async Task A_misspelt_key_is_told_at_start_with_the_section_and_the_key()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("CovidCt:Lungs:Modell", "network.safetensors")]);
        builder.Services.AddCovidCt("lungs", builder.Configuration.GetSection("CovidCt:Lungs"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("CovidCt:Lungs", Assert.Single(error.Failures), StringComparison.Ordinal);
        Assert.Contains("'Modell'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1, 2, 3", true)]
    [InlineData("red", false)]
    public void A_colour_of_a_section_binds_or_is_told(string fill, bool isOne)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("Canvas:Fill", fill), new("Queue:Length", "5"), new("ReloadInterval", "00:00:02")]).Build();
        using var provider = new ServiceCollection().AddCovidCt(section).BuildServiceProvider();
        if (!isOne)
        {
            Assert.Contains("red", Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<CanvasTransform>()).Message, StringComparison.Ordinal);
            return;
        }

        var options = provider.GetRequiredService<IOptions<CovidCtOptions>>().Value;
        Assert.Equal((1, 2, 3), options.Canvas.Fill);
        Assert.Equal((5, TimeSpan.FromSeconds(2)), (options.Queue!.Length, options.ReloadInterval));
    }

    [Theory]
    [InlineData("Decoder:MaxSide", "40", "Decoder and Canvas are the whole application's")]
    [InlineData("Canvas:Fit", "Stretch", "Decoder and Canvas are the whole application's")]
    [InlineData("Queue:Length", "0", "Length")]
    [InlineData("ReloadInterval", "00:00:00.001", "50 milliseconds to a day")]
    public void Wrong_options_of_a_named_model_are_told_with_its_name(string key, string value, string words)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("Model", Model()), new(key, value)]).Build();
        using var provider = new ServiceCollection().AddCovidCt("lungs", section).BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<ICtClassifier>("lungs"));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal("lungs", error.OptionsName);
    }

    [Fact]
    public void Two_models_are_refused_in_one_sentence_and_the_same_one_twice_is_not()
    {
        var (model, other) = (Model(), Path.GetDirectoryName(Model())!);
        using var two = new ServiceCollection().AddCovidCt(options => options.Model = model).AddCovidCt(options => options.Model = other).BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(two.GetRequiredService<ICtClassifier>);
        Assert.Contains($"with {model} and with {other}", Assert.Single(error.Failures), StringComparison.Ordinal);

        using var one = new ServiceCollection().AddCovidCt(options => options.Model = model)
            .AddCovidCt(options => options.Model = model).AddCovidCt(options => options.Canvas.Fit = CanvasFit.Stretch).BuildServiceProvider();
        Assert.NotNull(one.GetRequiredService<ICtClassifier>());
        Assert.Single(one.GetServices<ICtClassifier>());
    }

    [Theory]
    [InlineData("1, 2, 3", "Canvas:Fill")]
    [InlineData("1,2,3", "Canvas:Fill")]
    [InlineData("1 2 3", "Canvas:Fill:R", "Canvas:Fill:G", "Canvas:Fill:B")]
    public void Everything_binds_from_configuration(string fill, params string[] keys)
    {
        var fills = keys.Zip(keys.Length == 1 ? [fill] : fill.Split(' '), (key, value) => KeyValuePair.Create(key, (string?)value));
        using var provider = Bound([
            .. fills, new("Canvas:Fit", "Stretch"), new("Decoder:MaxPixels", "1000"), new("Decoder:MaxSide", "40"), new("Decoder:MinSide", "2"), new("Device", "Auto"),
        ]);

        var options = provider.GetRequiredService<IOptions<CovidCtOptions>>().Value;

        Assert.Equal((1, 2, 3), options.Canvas.Fill);
        Assert.Equal(CanvasFit.Stretch, options.Canvas.Fit);
        Assert.Equal((1000, 40, 2), (options.Decoder.MaxPixels, options.Decoder.MaxSide, options.Decoder.MinSide));
        Assert.Equal(ComputeDevice.Auto, options.Device);
    }

    [Theory]
    [InlineData("1, 2")]
    [InlineData("1, 2, 256")]
    [InlineData("red")]
    public void A_colour_that_is_none_is_told(string fill)
    {
        using var provider = Bound([new("Canvas:Fill", fill)]);
        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<CanvasTransform>);
        Assert.Contains(fill, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_decoder_has_the_limits_of_the_options()
    {
        using var provider = Bound([new("Decoder:MaxSide", "40")]);
        var decoder = provider.GetRequiredService<IImageDecoder>();
        Assert.Equal(40, decoder.Decode(TestImages.GrayPng(40, 20)).Width);
        Assert.Throws<ImageRejectedException>(() => decoder.Decode(TestImages.GrayPng(41, 20)));

        using var wrong = Bound([new("Decoder:MaxSide", "0")]);
        Assert.Contains("MaxSide", Assert.Throws<OptionsValidationException>(wrong.GetRequiredService<IImageDecoder>).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Bound(IReadOnlyList<KeyValuePair<string, string?>> settings) => new ServiceCollection().AddCovidCt()
        .Configure<CovidCtOptions>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();

    [Fact]
    public void Adding_it_twice_is_adding_it_once()
    {
        using var provider = new ServiceCollection().AddCovidCt().AddCovidCt(options => options.Canvas.Fit = CanvasFit.Stretch).BuildServiceProvider();
        Assert.Single(provider.GetServices<CanvasTransform>());
        Assert.Equal(CanvasFit.Stretch, provider.GetRequiredService<IOptions<CovidCtOptions>>().Value.Canvas.Fit);
    }

    private string Model()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "run")).FullName, RunLayout.NetworkName);
        using var backbone = new BackboneFactory().Create("squeezenet1_1", 2);
        ModelFile.Save(file, backbone, Inference.ModelFileTests.Description);
        return file;
    }

    private sealed class White : IImageDecoder
    {
        public int Calls { get; private set; }

        public GrayImage Decode(ReadOnlyMemory<byte> file)
        {
            Calls++;
            return new(32, 24, Enumerable.Repeat((byte)255, 32 * 24).ToArray());
        }
    }
}
