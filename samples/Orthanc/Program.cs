// dotnet run --project samples/Orthanc -- out/first/runs/resnet18/fold-0 http://localhost:8042 work
// answers about each CT series that comes into Orthanc, and stores the answer beside it as a structured report.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CovidCt.Answers;
using CovidCt.Dicom;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Records;
using CovidCt.Volumes;

if (args is not [var network, var address, var work])
{
    Console.Error.WriteLine("Usage: Orthanc NETWORK ADDRESS WORK, NETWORK being the folder of a finished run or the network.safetensors "
        + "in it, ADDRESS Orthanc's, such as http://localhost:8042, and WORK a folder of this program's own");
    return 2;
}

using var ended = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

// The images are made of series as those were that the network learned from.
var volumes = StudyConfiguration.DecoderOf(network) is { } made ? VolumeOptions.Parse(made) ?? new() : new();
using var classifier = CtClassifier.Load(network, new BackboneFactory(), new VolumeDecoder([new DicomFormat()], volumes));
var hash = Convert.ToHexStringLower(
    SHA256.HashData(File.ReadAllBytes(Directory.Exists(network) ? new RunLayout(network).Network : network)));
var options = new SeriesOptions { Windows = volumes.Windows, LeastLungs = volumes.LeastLungs };

// What was answered is one number, that of Orthanc's last change. Killed before it is written, the program answers again: the same answer
// has the same SOP Instance UID, and Orthanc keeps it once. The file is held, so that no other process works in the folder.
Directory.CreateDirectory(work);
using var position = new FileStream(Path.Combine(work, "position"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
var done = Position();
var folder = Path.Combine(work, "series");
using var archive = new Archive(address, Environment.GetEnvironmentVariable("ORTHANC_USER"));
Empty(); // Of what a killed process left.
Console.WriteLine($"{classifier.Model.Network} answers about what comes after change {done}.");
while (!ended.IsCancellationRequested)
{
    var pause = TimeSpan.FromSeconds(0.5);
    try
    {
        var changes = await archive.ChangesAfter(done, ended.Token);
        foreach (var change in changes.All)
        {
            if (change.ChangeType == "StableSeries" && await archive.CtSeries(change.ID, ended.Token) is { } uids)
            {
                await Answer(uids);
            }

            Advance(change.Seq);
        }

        pause = changes.Done ? pause : TimeSpan.Zero;
    }
    catch (OperationCanceledException) when (ended.IsCancellationRequested)
    {
        break;
    }
    catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
    {
        Console.Error.WriteLine($"Tried again in 2 seconds: {e.Message}");
        pause = TimeSpan.FromSeconds(2);
    }

    ended.Token.WaitHandle.WaitOne(pause);
}

Empty();
return 0;

async Task Answer((string Study, string Series) uids)
{
    try
    {
        Directory.CreateDirectory(folder);
        await archive.Retrieve(uids, folder, ended.Token);
        var found = DicomFolder.Read(folder);
        if (found.Series is not [var series])
        {
            var reason = found.Rejected.Select(file => file.Reason).FirstOrDefault("it has no files.");
            Console.Error.WriteLine($"A series has no answer: {reason}");
            return;
        }

        var unread = found.Rejected.Count == 0 ? (string[])[] : [$"{found.Rejected.Count} files of the series can't be read."];
        try
        {
            var answer = classifier.Classify(series, options, cancellationToken: ended.Token);
            var report = Path.Combine(folder, "report.dcm");
            StructuredReport.Write(
                report, DicomSource.Read(series.Slices),
                ReportedAnswer.Of(answer, classifier.Model.Network, hash, [.. series.Findings, .. unread]));
            await archive.Store(report, ended.Token);
            Console.WriteLine($"{series.Name}: its report is stored.");
        }
        catch (ImageRejectedException e)
        {
            Console.Error.WriteLine($"{series.Name} has no answer: {e.Message}");
        }
    }
    finally
    {
        Empty();
    }
}

long Position()
{
    using var reader = new StreamReader(position, leaveOpen: true);
    return long.TryParse(reader.ReadToEnd(), out var number) ? number : 0;
}

void Advance(long number)
{
    done = number;
    position.Position = 0;
    position.Write(JsonSerializer.SerializeToUtf8Bytes(number)); // Numbers only grow: no digit of an earlier one is left.
    position.Flush();
}

void Empty()
{
    if (Directory.Exists(folder))
    {
        Directory.Delete(folder, recursive: true);
    }
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.Cancel();
}
