using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Serving;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Serving;

public sealed class QueuedClassifierTests : IDisposable
{
    private readonly StubClassifier _model = new();
    private readonly Telemetry _telemetry = new();
    private readonly ManualResetEventSlim _open = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _open.Dispose();
        _telemetry.Dispose();
    }

    [Fact]
    public async Task Images_that_wait_are_answered_together_in_their_order_and_none_waits_to_fill_a_pass()
    {
        using var queue = Queue(new() { Passes = 1, BatchSize = 4 });
        byte[][] files = [.. Enumerable.Range(0, 10).Select(i => Gray((byte)(20 * i)))];
        _model.OnBatch = () => _open.Wait(Token);

        var first = queue.ClassifyFileAsync(files[0], Token);
        await Until(() => _model.Batches.Count == 1);
        var others = files.Skip(1).Select(file => queue.ClassifyFileAsync(file, Token)).ToList();
        await Until(() => Waiting(queue) == 9);
        _open.Set();

        var answers = await Task.WhenAll([first, .. others]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 20 * i / 255.0), answers.Select(answer => Math.Round(answer.Probability, 10)).Select(p => p), Close);
        Assert.Equal([1, 4, 4, 1], _model.Batches);
    }

    [Fact]
    public async Task An_explanation_is_a_pass_of_its_own_in_its_turn()
    {
        using var queue = Queue(new() { Passes = 1 });
        _model.OnBatch = () => _open.Wait(Token);
        var first = queue.ClassifyFileAsync(Gray(1), Token);
        await Until(() => _model.Batches.Count == 1);
        Task[] calls = [first];
        foreach (var next in (Func<Task>[])
            [() => queue.ClassifyFileAsync(Gray(2), Token), () => queue.ExplainFileAsync(Gray(3), new(), null, Token), () => queue.ClassifyFileAsync(Gray(4), Token)])
        {
            var before = Waiting(queue);
            calls = [.. calls, next()];
            await Until(() => Waiting(queue) == before + 1);
        }

        _open.Set();
        await Task.WhenAll(calls);
        Assert.Equal([1, 1, 1, 1], _model.Batches);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_takes_calls_again_later()
    {
        using var queue = Queue(new() { Length = 2, Passes = 1 });
        _model.OnBatch = () => _open.Wait(Token);
        Task<Classification>[] calls = [queue.ClassifyFileAsync(Gray(1), Token), queue.ClassifyFileAsync(Gray(2), Token)];

        var error = await Assert.ThrowsAsync<QueueFullException>(() => queue.ClassifyFileAsync(Gray(3), Token));
        Assert.Contains("2 calls", error.Message, StringComparison.Ordinal);

        _open.Set();
        await Task.WhenAll(calls);
        await queue.ClassifyFileAsync(Gray(3), Token);
    }

    [Fact]
    public async Task Who_gives_up_while_waiting_is_not_answered_about_and_leaves_the_place()
    {
        using var queue = Queue(new() { Length = 2, Passes = 1 });
        _model.OnBatch = () => _open.Wait(Token);
        var first = queue.ClassifyFileAsync(Gray(1), Token);
        await Until(() => _model.Batches.Count == 1);
        using var impatient = new CancellationTokenSource();
        var second = queue.ClassifyFileAsync(Gray(2), impatient.Token);
        await Until(() => Waiting(queue) == 1);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var third = queue.ClassifyFileAsync(Gray(3), Token);
        _open.Set();
        await Task.WhenAll(first, third);
        Assert.Equal(2, _model.Asked);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_to_all_who_waited_and_the_next_is_answered()
    {
        using var queue = Queue(new() { Passes = 1 });
        _model.OnBatch = () =>
        {
            _open.Wait(Token);
            throw new InvalidOperationException("broken");
        };
        Task<Classification>[] calls = [.. Enumerable.Range(0, 5).Select(i => queue.ClassifyFileAsync(Gray((byte)i), Token))];
        _open.Set();

        foreach (var call in calls)
        {
            Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
        }

        await Assert.ThrowsAsync<ImageRejectedException>(() => queue.ClassifyFileAsync(new byte[] { 1, 2, 3 }, Token));
        _model.OnBatch = null;
        Assert.Equal(7 / 255.0, (await queue.ClassifyFileAsync(Gray(7), Token)).Probability, 10);
    }

    [Fact]
    public void Threads_that_wait_answer_themselves_when_the_pool_has_none()
    {
        using var queue = Queue(new() { Length = 1000, BatchSize = 3 });
        Thread[] threads = [.. Enumerable.Range(0, 16).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal(((16 * i) + t) % 256 / 255.0, queue.Classify(Image((byte)((16 * i) + t))).Probability, 10);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));
        Assert.Equal(800, _model.Asked);
        Assert.All(_model.Batches, images => Assert.InRange(images, 1, 3));
    }

    [Fact]
    public async Task Disposed_it_lets_calls_finish_then_frees_the_model_and_refuses_later_ones()
    {
        var queue = Queue(new() { Passes = 1 });
        _model.OnBatch = () => _open.Wait(Token);
        Task<Classification>[] calls = [.. Enumerable.Range(0, 5).Select(i => queue.ClassifyFileAsync(Gray((byte)i), Token))];
        queue.Dispose();
        Assert.Equal(0, _model.Disposed);
        _open.Set();

        await Task.WhenAll(calls);
        await Until(() => _model.Disposed == 1);
        Assert.Throws<ObjectDisposedException>(() => queue.Classify(Image(1)));
    }

    internal static GrayImage Image(byte level) => new(20, 16, [.. Enumerable.Repeat(level, 320)]);

    internal static byte[] Gray(byte level) => TestImages.GrayPng(Image(level));

    private static bool Close(double one, double other) => Math.Abs(one - other) < 1e-9;

    private static int Waiting(QueuedClassifier queue) => queue.Waiting;

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(2, Token);
        }
    }

    private QueuedClassifier Queue(QueueOptions options)
    {
        var telemetry = _telemetry.For("");
        var decoder = new SkiaImageDecoder();
        return new(new MeasuredClassifier(_model, decoder, telemetry), decoder, options, telemetry);
    }
}
