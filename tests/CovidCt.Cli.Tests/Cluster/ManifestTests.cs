using System.Runtime.CompilerServices;
using CovidCt.Networks;
using CovidCt.Recipes;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace CovidCt.Cli.Tests.Cluster;

/// <summary><c>docs/cluster/job.yaml</c> beside the types of Kubernetes' API, and beside what the program says.</summary>
public sealed class ManifestTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Here(), "..", "..", "..", "docs", "cluster", "job.yaml"));
    private static readonly List<object> Documents = Strictly(Text);
    private static readonly V1JobSpec Training = Job("train").Spec;

    [Fact]
    public void The_manifest_is_a_volume_and_three_jobs_without_a_field_that_the_api_does_not_know()
    {
        var volume = Assert.IsType<V1PersistentVolumeClaim>(Documents[0]);

        Assert.Equal(["ReadWriteMany"], volume.Spec.AccessModes);
        Assert.Equal(["prepare", "train", "finish"], Documents.Skip(1).Cast<V1Job>().Select(job => job.Metadata.Labels["step"]));
    }

    [Theory]
    [InlineData("  completionMode: Indexed", "  completionsMode: Indexed")]
    [InlineData("  backoffLimitPerIndex: 5", "  backoffLimitPerIndexes: 5")]
    [InlineData("      - action: FailIndex", "      - act: FailIndex")]
    [InlineData("      terminationGracePeriodSeconds: 120", "      terminationGracePeriod: 120")]
    public void A_field_that_the_api_does_not_know_is_refused(string field, string wrong)
    {
        Assert.Contains(field, Text, StringComparison.Ordinal);

        Assert.Throws<YamlException>(() => Strictly(Text.Replace(field, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_field_that_is_there_twice_is_refused() => Assert.Throws<YamlException>(
        () => Strictly(Text.Replace("  completions: 60", "  completions: 60\n  completions: 61", StringComparison.Ordinal)));

    [Fact]
    public void An_index_trains_its_share_of_the_plan()
    {
        var runs = BackboneSpec.Paper.Count * new StudyOptions().Folds;

        Assert.Equal("Indexed", Training.CompletionMode);
        Assert.Equal(runs, Training.Completions);
        Assert.InRange(Training.Parallelism!.Value, 1, runs);
        Assert.Equal(["train", "--study", "/study/first", "--shard", $"$(JOB_COMPLETION_INDEX)/{runs}"], Arguments("train"));
        Assert.Equal(["finish", "--study", "/study/first"], Arguments("finish"));
        Assert.Equal("prepare", Arguments("prepare")[0]);
    }

    [Fact]
    public void Exit_codes_decide_what_is_tried_again()
    {
        var rules = Training.PodFailurePolicy.Rules;

        Assert.Equal(["Ignore", "FailJob", "FailIndex"], rules.Select(rule => rule.Action));
        Assert.Equal("DisruptionTarget", Assert.Single(rules[0].OnPodConditions).Type);
        Assert.Equal([ExitCodes.Usage, ExitCodes.UnusableInput, ExitCodes.NativeRuntimeMissing], rules[1].OnExitCodes.Values.Cast<int>());
        Assert.Equal([ExitCodes.TrainingFailed], rules[2].OnExitCodes.Values.Cast<int>());
        Assert.Equal(5, Training.BackoffLimitPerIndex);
        var ends = Job("finish").Spec.PodFailurePolicy.Rules.Single(rule => rule.Action == "FailJob");
        Assert.Contains(ExitCodes.NotAllFinished, ends.OnExitCodes.Values.Cast<int>()); // Another try trains nothing.
    }

    [Theory]
    [InlineData("prepare")]
    [InlineData("train")]
    [InlineData("finish")]
    public void A_job_is_no_root_has_the_volume_and_time_to_end_its_step(string step)
    {
        var pod = Job(step).Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);

        Assert.Equal("Never", pod.RestartPolicy); // Which podFailurePolicy asks for.
        Assert.Equal(120, pod.TerminationGracePeriodSeconds);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal("covidct-study", Assert.Single(pod.Volumes, volume => volume.Name == "study").PersistentVolumeClaim.ClaimName);
        Assert.Equal("/study", Assert.Single(container.VolumeMounts, mount => mount.Name == "study").MountPath);
        Assert.All(Job(step).Spec.PodFailurePolicy.Rules.Where(rule => rule.OnExitCodes is not null), rule =>
        {
            Assert.Equal(container.Name, rule.OnExitCodes.ContainerName);
            Assert.Equal("In", rule.OnExitCodes.OperatorProperty);
        });
    }

    [Fact]
    public void A_pod_asks_for_as_many_cores_as_the_study_has_threads()
    {
        var threads = Arguments("prepare")[Arguments("prepare").IndexOf("--threads") + 1];

        Assert.All(["prepare", "train", "finish"], step => Assert.Equal(
            threads, Job(step).Spec.Template.Spec.Containers[0].Resources.Requests["cpu"].ToString()));
    }

    private static V1Job Job(string step) => Documents.OfType<V1Job>().Single(job => job.Metadata.Labels["step"] == step);

    private static IList<string> Arguments(string step) => Job(step).Spec.Template.Spec.Containers[0].Args;

    private static List<object> Strictly(string text) => KubernetesYaml.LoadAllFromString(text, strict: true);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
