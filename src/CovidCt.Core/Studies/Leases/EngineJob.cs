namespace CovidCt.Studies.Leases;

/// <summary>The number that a cluster's engine gave this process, for people who look for it there.</summary>
internal static class EngineJob
{
    private static readonly (string Engine, string Job, string? Index)[] Variables =
    [
        ("Slurm", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID"), ("Slurm", "SLURM_JOB_ID", null),
        ("Kubernetes", "HOSTNAME", "JOB_COMPLETION_INDEX"), ("AWS Batch", "AWS_BATCH_JOB_ID", "AWS_BATCH_JOB_ARRAY_INDEX"),
        ("AWS Batch", "AWS_BATCH_JOB_ID", null), ("PBS", "PBS_JOBID", null), ("SGE", "JOB_ID", "SGE_TASK_ID"),
        ("LSF", "LSB_JOBID", "LSB_JOBINDEX"),
    ];

    /// <summary>The engine and the number; null where no engine is known to have started this process.</summary>
    public static string? Name { get; } = Variables
        .Select(variable => (variable.Engine, Job: Value(variable.Job), Index: variable.Index is { } index ? Value(index) : ""))
        .Where(found => found is { Job: not null, Index: not null })
        .Select(found => $"{found.Engine} {found.Job}{(found.Index!.Length == 0 ? "" : $"_{found.Index}")}")
        .FirstOrDefault();

    private static string? Value(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
