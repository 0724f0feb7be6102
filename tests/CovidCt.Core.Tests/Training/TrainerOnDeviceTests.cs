using CovidCt.Canvases;
using CovidCt.Compute;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Tests;
using CovidCt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Training;

/// <summary>The loop as a card runs it: on the processor, and on a card where there is one.</summary>
public class TrainerOnDeviceTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    private const long Seed = 7;
    private const string Network = "squeezenet1_1";

    private static readonly BackboneFactory Factory = new();

    [Theory]
    [InlineData(long.MaxValue, null)]
    [InlineData(0, 3)]
    public void Without_augmentation_it_ends_in_the_bits_of_the_processors_way(long room, int? microBatch)
    {
        var options = TrainerTests.Options(epochs: 2);
        options.Augmentation = AugmentationOptions.None;
        options.MicroBatchSize = microBatch;
        using var expected = Factory.Create(Network, 2, Seed);
        using var actual = Factory.Create(Network, 2, Seed);
        var memory = new StandInMemory { Room = room };

        var history = Fit(expected, options, device => new(device));
        var same = Fit(actual, options, _ => memory);

        Assert.Equal(Bits.Of(history), Bits.Of(same));
        Assert.Equal(Bits.Of(expected), Bits.Of(actual));
        Assert.Equal(Predict(expected, device => new(device)), Predict(actual, _ => memory));
    }

    [Fact]
    public void Resident_and_streamed_canvases_and_a_training_gone_on_with_end_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var options = TrainerTests.Options(epochs: 2);
        options.Augmentation = AugmentationOptions.Authors;
        options.Augmentation.BlurProbability = 0.5;
        using var resident = Factory.Create(Network, 2, Seed);
        using var streamed = Factory.Create(Network, 2, Seed);
        using var stopped = Factory.Create(Network, 2, Seed);
        using var resumed = Factory.Create(Network, 2, Seed);
        var checkpoint = Path.Combine(folder.Path, "a.safetensors");

        var history = Fit(resident, options, _ => new StandInMemory());
        var same = Fit(streamed, options, _ => new StandInMemory { Room = 0 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Assert.Throws<OperationCanceledException>(() => Fit(stopped, options, _ => new StandInMemory(), checkpoint, at =>
        {
            if ((at.Epoch, at.Step) == (1, 2))
            {
                stop.Cancel();
            }
        }, stop.Token));
        Fit(resumed, options, _ => new StandInMemory { Room = 0 }, checkpoint);

        Assert.Equal(Bits.Of(history), Bits.Of(same));
        Assert.Equal(Bits.Of(resident), Bits.Of(streamed));
        Assert.Equal(Bits.Of(resident), Bits.Of(resumed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Steps_send_nothing_to_the_device(int batchSize)
    {
        var options = TrainerTests.Options(epochs: 2);
        options.BatchSize = batchSize;
        options.Augmentation.BlurProbability = 1;
        using var backbone = Factory.Create(Network, 2, Seed);
        var memory = new StandInMemory();
        List<int> sent = [];

        new Trainer(options, Seed) { MemoryOf = _ => memory }.Fit(
            backbone, phantom.Store, phantom.Labels, Rows, PhantomCanvases.Fill, progress: new Steps(_ => sent.Add(memory.Uploads)), cancellationToken: Token);

        var epochs = sent.Chunk(sent.Count / 2).ToList();
        Assert.All(epochs, epoch => Assert.Single(epoch.Distinct()));
        Assert.Equal(9, epochs[1][0] - epochs[0][0]); // The plan's six tensors, labels, places in the store, and where images lie.
    }

    [Fact]
    [Trait("Category", "Card")]
    public void On_a_card_steps_don_t_wait_for_it()
    {
        CardTests.Require();
        var options = TrainerTests.Options(epochs: 2);
        options.BatchSize = 32;
        options.Augmentation.BlurProbability = 1;
        using var store = RandomStore(300); // Three parts, the later ones of which are made ready while the first is worked on.
        int[] labels = [.. Enumerable.Range(0, 300).Select(row => row % 2)];
        foreach (var room in new[] { long.MaxValue, 0 })
        {
            using var backbone = Factory.Create("resnet18", 2, Seed);
            backbone.Network.cuda();
            try
            {
                // The first epoch is libtorch's to choose algorithms and take memory. The second begins with its plan.
                var steps = new Steps(at =>
                {
                    if (at is { Epoch: 0, Finished: not null })
                    {
                        CardTests.ForbidWaiting();
                    }
                    else if (at.Epoch == 1 && at.Step == at.Steps)
                    {
                        CardTests.AllowWaiting();
                    }
                });
                new Trainer(options, Seed) { MemoryOf = device => new RoomOnCard(device, room) }.Fit(
                    backbone, store, labels, [.. Enumerable.Range(0, 300)], PhantomCanvases.Fill, progress: steps, cancellationToken: Token);
            }
            finally
            {
                CardTests.AllowWaiting();
            }
        }
    }

    [Fact]
    [Trait("Category", "Card")]
    public void On_a_card_streamed_canvases_are_those_of_the_store()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        using var store = RandomStore(512);
        var busy = rand(4096, 4096).cuda();
        foreach (var parts in Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 512).Chunk(16).ToArray()))
        {
            var sums = zeros(parts.Length, ScalarType.Int64, CUDA);
            var number = 0;
            foreach (var batch in store.Batches(parts, new DeviceMemory(CUDA)))
            {
                using var gray = batch;
                using var part = NewDisposeScope();
                _ = busy.mm(busy); // The card is behind, and takes what was sent later.
                sums[number++].copy_(gray.Gray.to_type(ScalarType.Int64).mul(arange(1, gray.Gray[0].numel() + 1, device: CUDA).view_as(gray.Gray[0])).sum());
            }

            using var host = sums.cpu();
            Assert.Equal(parts.Select(part => Checksum(store, part)), host.data<long>().ToArray());
        }
    }

    [Fact]
    [Trait("Category", "Card")]
    public void A_card_says_what_is_free()
    {
        CardTests.Require();
        using var work = zeros(1, device: CUDA);
        Assert.InRange(CudaDriver.FreeMemory() ?? 0, 1L << 20, 1L << 42);
        Assert.InRange(new DeviceMemory(CUDA).RoomForCanvases, 1L << 18, 1L << 40);
    }

    [Fact]
    [Trait("Category", "Card")]
    public void On_a_card_the_training_is_that_of_the_processor_but_for_rounding_and_noise()
    {
        CardTests.Require();
        var options = TrainerTests.Options(epochs: 1);
        options.Augmentation.NoiseDeviationMax = 0;
        using var expected = Factory.Create("resnet18", 2, Seed);
        using var actual = Factory.Create("resnet18", 2, Seed);
        actual.Network.cuda();

        var here = Fit(expected, options, device => new(device));
        var there = Fit(actual, options, device => new(device));

        Assert.Equal(here[0].Loss, there[0].Loss, 0.02);
    }

    private IReadOnlyList<int> Rows => [.. phantom.Rows.Take(21)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyList<EpochRecord> Fit(
        IBackbone backbone, TrainingOptions options, Func<Device, DeviceMemory> memory, string? checkpoint = null, Action<TrainingProgress>? step = null, CancellationToken? token = null) =>
        new Trainer(options, Seed) { MemoryOf = memory }.Fit(
            backbone, phantom.Store, phantom.Labels, Rows, PhantomCanvases.Fill, checkpoint, step is null ? null : new Steps(step), token ?? Token);

    private double[,] Predict(IBackbone backbone, Func<Device, DeviceMemory> memory) =>
        new Trainer(TrainerTests.Options(epochs: 1), Seed) { MemoryOf = memory }.Predict(backbone, phantom.Store, Rows, PhantomCanvases.Fill, Token);

    private static CanvasStore RandomStore(int count)
    {
        var size = new ImageSize(335, 255);
        var gray = randint(0, 256, [count, size.Height, size.Width], ScalarType.Byte);
        return new(size, gray, [.. Enumerable.Range(0, count).Select(_ => new CanvasGeometry(size, size, size, 0, 0))]);
    }

    private static long Checksum(CanvasStore store, int[] rows)
    {
        var pixels = new byte[store.Size.Width * store.Size.Height];
        var sum = 0L;
        foreach (var row in rows)
        {
            store.Read(row, pixels);
            for (var i = 0; i < pixels.Length; i++)
            {
                sum += (i + 1L) * pixels[i];
            }
        }

        return sum;
    }

    private sealed class RoomOnCard(Device device, long room) : DeviceMemory(device)
    {
        public override long RoomForCanvases => room;
    }

    private sealed class Steps(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
