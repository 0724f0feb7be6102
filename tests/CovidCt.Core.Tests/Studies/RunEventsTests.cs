using CovidCt.Studies;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Core.Tests.Studies;

public sealed class RunEventsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_what_any_reader_of_the_format_finds()
    {
        var events = new RunEvents(_folder["run"]);
        events.Write(0, [new("train/loss", 0, 0.7f), new("train/accuracy", 0, 0.5f)]);
        events.Write(1, [new("train/loss", 1, float.Epsilon)]);
        events.Write("note", "| a | b |", 1);

        Assert.Equal(
            [new("train/loss", 0, 0.7f, null, null), new("train/accuracy", 0, 0.5f, null, null), new("train/loss", 1, float.Epsilon, null, null), new("note/text_summary", 1, null, "| a | b |", null)],
            EventRecords.In(_folder["run"]));
        Assert.Equal([new("train/loss", 0, 0.7f), new("train/accuracy", 0, 0.5f), new("train/loss", 1, float.Epsilon)], events.Read());
        Assert.True(events.Has("note/text_summary"));
        Assert.False(events.Has("maps/1"));
        Assert.Empty(new RunEvents(_folder["none"]).Read());
    }

    /// <summary>Processes that each begin at an epoch that is there or the next one, and are killed after some, half way through a record.</summary>
    [Fact]
    public void Each_epoch_is_there_once_however_often_a_training_was_stopped() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3], Gen.Int[0, 30], Gen.Bool).Array[1, 4].Sample(processes =>
        {
            var folder = _folder[Guid.NewGuid().ToString("N")];
            List<RunEvents.Scalar> expected = [];
            foreach (var (back, epochs, cut, isSame) in processes)
            {
                var events = new RunEvents(folder); // Another process knows nothing of the one before.
                var known = expected.Select(scalar => scalar.Epoch + 1).DefaultIfEmpty().Max();
                var first = Math.Max(0, known - back);
                for (var epoch = first; epoch < first + epochs; epoch++)
                {
                    RunEvents.Scalar[] own = [new("train/loss", epoch, isSame ? epoch : epoch + (0.5f * back)), new("train/accuracy", epoch, 0.5f)];
                    events.Write(epoch, own);
                    Assert.Equal([.. expected.Where(scalar => scalar.Epoch < epoch), .. own], events.Read().Take(expected.Count(scalar => scalar.Epoch < epoch) + 2));
                    expected = [.. expected.Where(scalar => scalar.Epoch < epoch), .. own];
                }

                Assert.Equal(expected, events.Read());
                var last = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Last();
                using (var file = File.Open(last, FileMode.Open))
                {
                    file.SetLength(Math.Max(0, file.Length - cut));
                }

                expected = [.. new RunEvents(folder).Read()];
            }
        }, iter: 20, threads: 1);

    [Fact]
    public void Other_figures_take_the_place_of_all_and_the_same_ones_touch_nothing()
    {
        var events = new RunEvents(_folder["run"]);
        events.Write([new("train/loss", 0, 1), new("train/loss", 1, 0.5f)]);
        var before = Directory.GetFiles(_folder["run"]).Select(File.ReadAllBytes).ToList();

        new RunEvents(_folder["run"]).Write([new("train/loss", 0, 1), new("train/loss", 1, 0.5f)]);
        Assert.Equal(before, Directory.GetFiles(_folder["run"]).Select(File.ReadAllBytes));

        events.Write([new("train/loss", 0, 2)]);
        Assert.Equal([new("train/loss", 0, 2)], events.Read());
    }

    [Fact]
    public void What_is_no_event_ends_a_file()
    {
        new RunEvents(_folder["run"]).Write([new("train/loss", 0, 1)]);
        var file = Directory.GetFiles(_folder["run"]).Single();
        File.AppendAllBytes(file, [.. Enumerable.Repeat((byte)255, 40)]);
        Assert.Equal([new("train/loss", 0, 1)], new RunEvents(_folder["run"]).Read());
        File.AppendAllBytes(file, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0]);
        Assert.Equal([new("train/loss", 0, 1)], new RunEvents(_folder["run"]).Read());
    }
}
