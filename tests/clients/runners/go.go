// The AWS SDK for Go v1: heeds the proxy and the trust in its environment, but no endpoint.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/datapipeline"
)

var (
	endpoint = flag.String("endpoint", "", "URL of the service")
	group    = flag.String("worker-group", "", "worker group to poll")
	beats    = flag.Int("beats", 0, "beats after the acknowledgement")
	interval = flag.Float64("interval", 0, "seconds between beats")
	tasks    = flag.Int("tasks", 1, "tasks to do")
)

var note = []*datapipeline.Field{{Key: aws.String("note"), StringValue: aws.String("<1/3> & 'ä+'")}}

func main() {
	flag.Parse()
	config := aws.NewConfig()
	if *endpoint != "" {
		config = config.WithEndpoint(*endpoint)
	}
	client := datapipeline.New(session.Must(session.NewSession(config)))
	for done := 0; done < *tasks; done++ {
		fmt.Println(work(client, poll(client)))
	}
}

func poll(client *datapipeline.DataPipeline) *string {
	for {
		found, err := client.PollForTask(&datapipeline.PollForTaskInput{WorkerGroup: group})
		check(err)
		if found.TaskObject != nil {
			return found.TaskObject.TaskId
		}
	}
}

func work(client *datapipeline.DataPipeline, task *string) string {
	for beat := 0; beat <= *beats; beat++ {
		if beat > 0 {
			time.Sleep(time.Duration(*interval * float64(time.Second)))
		}
		told, err := client.ReportTaskProgress(&datapipeline.ReportTaskProgressInput{TaskId: task, Fields: note})
		check(err)
		if aws.BoolValue(told.Canceled) {
			return fmt.Sprintf("canceled %d", beat+1)
		}
	}
	_, err := client.SetTaskStatus(&datapipeline.SetTaskStatusInput{
		TaskId: task, TaskStatus: aws.String(datapipeline.TaskStatusFinished),
	})
	check(err)
	return fmt.Sprintf("finished %d", *beats+1)
}

func check(err error) {
	if err == nil {
		return
	}
	if failed, ok := err.(awserr.Error); ok {
		fmt.Fprintf(os.Stderr, "%s: %s\n", failed.Code(), failed.Message())
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}
