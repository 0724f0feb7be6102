using System.Text.Json;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies.Jobs;

/// <summary>
/// What processes that train runs need to know beside the study's own configuration: it lies in the study's folder while they do.
/// </summary>
/// <param name="Options">What the study is asked to do.</param>
/// <param name="Precision">What it computes in, as asked for; a study's options leave it out of what is written of them.</param>
/// <param name="Data">Where the data set is.</param>
/// <param name="Positive">The name of its positive class.</param>
/// <param name="TestData">Where the data set to test on is, if it is another one.</param>
/// <param name="TestPositive">The name of its positive class.</param>
/// <param name="SampleBits">How many bits are significant of its 16-bit samples, where its files don't say it.</param>
/// <param name="Canvases">Where the decoded images are.</param>
/// <param name="RunsAtOnce">How many runs are trained at once.</param>
internal sealed record WorkerJob(
    StudyOptions Options, ComputePrecision Precision, string Data, string Positive, string? TestData, string? TestPositive, int? SampleBits,
    string Canvases, int RunsAtOnce)
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true }; // A colour is a tuple, which has fields alone.

    /// <summary>The job of a study.</summary>
    /// <exception cref="UnusableDataException">The images are no files, which another process couldn't open.</exception>
    public static WorkerJob Of(ClaimedStudy study, int runsAtOnce)
    {
        if (study.Dataset.Images is not null)
        {
            throw new UnusableDataException(
                $"The images of {study.Dataset.Root} are no files, and several processes can't share their source. Train in this process.");
        }

        var options = study.Options.Clone();
        options.Training = study.Training; // With the threads that the study began with.
        var data = study.Dataset;
        return new(
            options, study.Training.Precision, data.Source, data.Classes[data.Positive], data.TestSource, data.TestPositive,
            data.SampleBits, study.Folder.Canvases, runsAtOnce);
    }

    /// <summary>Reads it from a study's folder.</summary>
    /// <exception cref="RunFolderException">No study there is being trained, or the file is damaged.</exception>
    public static WorkerJob ReadFrom(StudyLayout layout)
    {
        try
        {
            var job = JsonSerializer.Deserialize<WorkerJob>(File.ReadAllText(layout.Job), Json) ?? throw new JsonException("It is empty.");
            job.Options.Training.Precision = job.Precision;
            return job;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new RunFolderException($"{layout.Root} holds no study whose runs are being trained by several processes: {e.Message}", e);
        }
    }

    /// <summary>The data set, as the study opened it.</summary>
    public CtDataset OpenData()
    {
        var dataset = CtDataset.Open(Data, Positive);
        return (TestData is null ? dataset : dataset.TestedOn(CtDataset.Open(TestData, TestPositive))) with { SampleBits = SampleBits };
    }

    public void WriteTo(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");
}
