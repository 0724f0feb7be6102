using Tensorboard;
using TorchSharp;
using TorchSharp.Modules;

namespace CovidCt.Studies;

/// <summary>The event files of one run, which TensorBoard shows: one for each process that wrote some.</summary>
/// <param name="folder">Where they lie; made when something is written.</param>
internal sealed class RunEvents(string folder)
{
    private SummaryWriter? _writer;

    /// <summary>A figure at an epoch.</summary>
    /// <param name="Tag">What it is, such as <c>train/loss</c>.</param>
    /// <param name="Epoch">From 0.</param>
    /// <param name="Value">The figure.</param>
    public readonly record struct Scalar(string Tag, int Epoch, float Value);

    /// <summary>The figures that are there, in the order of their writing; what a killed process left half written is none.</summary>
    public IReadOnlyList<Scalar> Read() => [.. Events().SelectMany(one => one.Summary?.Value
        .Where(value => value.ValueCase == Summary.Types.Value.ValueOneofCase.SimpleValue)
        .Select(value => new Scalar(value.Tag, (int)one.Step, value.SimpleValue)) ?? [])];

    /// <summary>Whether a text or picture of a name is there.</summary>
    public bool Has(string tag) => Events().Any(one => one.Summary?.Value.Any(value => value.Tag == tag) == true);

    /// <summary>Makes the figures these: adds what is missing behind those that are there, or begins anew where these are others.</summary>
    public void Write(IReadOnlyList<Scalar> wanted)
    {
        var there = Read();
        if (!wanted.Take(there.Count).SequenceEqual(there))
        {
            Clear();
            there = [];
        }

        foreach (var scalar in wanted.Skip(there.Count))
        {
            Writer.add_scalar(scalar.Tag, scalar.Value, scalar.Epoch);
        }
    }

    /// <summary>Adds the figures of an epoch; those of it and of later ones, which a process left that was killed, go.</summary>
    public void Write(int epoch, IEnumerable<Scalar> figures) =>
        Write([.. Read().TakeWhile(scalar => scalar.Epoch < epoch), .. figures]);

    /// <summary>Adds a text in Markdown.</summary>
    public void Write(string tag, string text, int epoch) => Writer.add_text(tag, text, epoch);

    /// <summary>Adds a picture.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="file">A PNG file.</param>
    /// <param name="epoch">From 0.</param>
    public void WritePicture(string tag, string file, int epoch) => Writer.add_img(tag, file, epoch);

    // Its file begins as soon as there is a writer.
    private SummaryWriter Writer => _writer ??= torch.utils.tensorboard.SummaryWriter(folder);

    private void Clear()
    {
        _writer = null;
        foreach (var file in Files())
        {
            File.Delete(file);
        }
    }

    private IEnumerable<string> Files() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal)
        : [];

    private IEnumerable<Event> Events() => Files().SelectMany(file => EventFile.Read(File.ReadAllBytes(file)));
}
