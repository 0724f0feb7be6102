using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Records;

/// <summary>Who has a run, or the folder of a study, from when to when: a file of its folder of leases.</summary>
/// <remarks>
/// The files are numbered from 1; the one of the highest number is the lease that counts, and those before it are the log. A lease is
/// over when its holder said so, when its holder is known to have ended, or when it wasn't renewed for as long as it says.
/// </remarks>
/// <param name="Id">No other lease has it.</param>
/// <param name="Host">The name of the machine.</param>
/// <param name="Process">The number of the process there.</param>
/// <param name="Since">When it was taken, by the machine's clock.</param>
/// <param name="Seconds">How long it lasts without being renewed.</param>
public sealed record LeaseRecord(string Id, string Host, int Process, DateTimeOffset Since, int Seconds)
{
    /// <summary>The length of the files, so that one write replaces another.</summary>
    internal const int FileLength = 4096;

    private const int LongestMessage = 1000;
    private const string Ending = ".json";

    /// <summary>The number that a cluster's engine gave the process, with the engine's name; null where there is none.</summary>
    public string? Job { get; init; }

    /// <summary>What tells the process from others of its number: the start of machine and process; null if unknown.</summary>
    public string? Origin { get; init; }

    /// <summary>When it was renewed last, by the machine's clock.</summary>
    public DateTimeOffset Renewed { get; init; }

    /// <summary>Epochs of the run that are done; null before the first is known.</summary>
    public int? Epoch { get; init; }

    /// <summary>The run's epochs.</summary>
    public int? Epochs { get; init; }

    /// <summary>The epoch that was done last; null before one was.</summary>
    public EpochRecord? Trained { get; init; }

    /// <summary>How it ended; null while it holds, or where its holder couldn't say so any more.</summary>
    public Outcome? Ended { get; init; }

    /// <summary>What its holder failed at.</summary>
    public string? Message { get; init; }

    /// <summary>Which of its folder's leases it is, from 1.</summary>
    [JsonIgnore]
    public int Number { get; private init; }

    /// <summary>When its file was written last, by the clock of the file server.</summary>
    [JsonIgnore]
    public DateTime Written { get; private init; }

    /// <summary>Who holds it, in words, such as <c>process 4711 on node-3 (Slurm 17_2)</c>.</summary>
    [JsonIgnore]
    public string Holder => Process == 0 ? "an unknown process"
        : string.Create(CultureInfo.InvariantCulture, $"process {Process} on {Host}{(Job is null ? "" : $" ({Job})")}");

    /// <summary>
    /// Whether its holder is known to have ended: a process of this machine that isn't there any more, or was there before the machine was
    /// started. Of other machines nothing is known.
    /// </summary>
    [JsonIgnore]
    public bool IsGone => Origin is not null && ProcessOrigin.IsGone(Host, Process, Origin);

    /// <summary>The lease that counts; null where there is none.</summary>
    /// <param name="folder">The folder of leases, which may not be there.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static LeaseRecord? Last(string folder) => NumbersIn(folder) is { Count: > 0 } numbers ? Read(folder, numbers[^1]) : null;

    /// <summary>All leases, the first one first.</summary>
    /// <param name="folder">The folder of leases, which may not be there.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static IReadOnlyList<LeaseRecord> In(string folder) =>
        [.. NumbersIn(folder).Select(number => Read(folder, number)).OfType<LeaseRecord>()];

    /// <summary>The lease of a number; null where there is none.</summary>
    /// <param name="folder">The folder of leases.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static LeaseRecord? Read(string folder, int number)
    {
        try
        {
            var file = FileOf(folder, number);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            var bytes = new byte[FileLength];
            var text = bytes.AsSpan(0, stream.ReadAtLeast(bytes, FileLength, throwOnEndOfStream: false));
            var written = File.GetLastWriteTimeUtc(stream.SafeFileHandle);
            return (Parse(text) ?? new("", "", 0, written, 0)) with { Number = number, Written = written };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The file of a lease.</summary>
    /// <param name="folder">The folder of leases.</param>
    /// <param name="number">Its number, from 1.</param>
    public static string FileOf(string folder, int number) => Path.Combine(folder, FormattableString.Invariant($"{number}{Ending}"));

    /// <summary>The numbers of the leases that are there, ascending.</summary>
    /// <param name="folder">The folder of leases, which may not be there.</param>
    public static IReadOnlyList<int> NumbersIn(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, $"*{Ending}")
            .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .Order(),
    ];

    /// <summary>The lease of this process, beginning now.</summary>
    /// <param name="length">How long it lasts without being renewed.</param>
    /// <param name="job">The number that a cluster's engine gave the process; null where there is none.</param>
    public static LeaseRecord Here(TimeSpan length, string? job) =>
        new(Guid.NewGuid().ToString("N"), Environment.MachineName, Environment.ProcessId, DateTimeOffset.UtcNow, (int)length.TotalSeconds)
        {
            Job = job,
            Origin = ProcessOrigin.Here,
            Renewed = DateTimeOffset.UtcNow,
        };

    /// <summary>The content of the file, always of one length.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[FileLength];
        var shown = Message is { Length: > LongestMessage } ? this with { Message = Message[..LongestMessage] } : this;
        var text = JsonSerializer.SerializeToUtf8Bytes(shown, RecordsJson.Files.LeaseRecord);
        if (text.Length >= FileLength)
        {
            text = JsonSerializer.SerializeToUtf8Bytes(this with { Message = null, Job = null }, RecordsJson.Files.LeaseRecord);
        }

        bytes.AsSpan().Fill((byte)' ');
        text.CopyTo(bytes, 0);
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    // A file that was just made is empty, and one that is written anew may be seen half.
    private static LeaseRecord? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, RecordsJson.Files.LeaseRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How a lease ended.</summary>
    public enum Outcome
    {
        /// <summary>The run is finished.</summary>
        Finished,

        /// <summary>The holder was stopped; the run can be gone on with.</summary>
        Stopped,

        /// <summary>The run failed.</summary>
        Failed,

        /// <summary>Another took the run over, since this lease hadn't been renewed.</summary>
        Lost,
    }
}
