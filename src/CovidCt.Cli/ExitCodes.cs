using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models.Runtime;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Cli;

/// <summary>The contract with scripts that call this program.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int UnusableInput = 3;
    public const int NativeRuntimeMissing = 4;
    public const int TrainingFailed = 5;
    public const int NotAllFinished = 6;
    public const int Cancelled = 130;

    public static int Of(Exception exception) => exception switch
    {
        OperationCanceledException => Cancelled,
        UnusableDataException or ImageRejectedException or WeightsException or InvalidDataException => UnusableInput,
        GivenPredictions.ColumnException or RunFolderException { Problem: FolderProblem.Unusable } => UnusableInput,
        RunFolderException { Problem: FolderProblem.Unfinished or FolderProblem.FewerSeeds } => NotAllFinished,
        NativeRuntimeException or DllNotFoundException => NativeRuntimeMissing,
        TrainingFailedException => TrainingFailed,
        UsageException or RunFolderException or RecipeException => Usage,
        ArgumentException or IOException or UnauthorizedAccessException => Usage,
        _ => Unexpected,
    };
}

/// <summary>The command line asks for something that can't be; the message says what and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
